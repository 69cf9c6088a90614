/**
 * Words and strings that guessing starts with. password-policy.ts also reads digits as letters and ignores what is added at the ends,
 * so that each entry stands for many.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
00000000 11111111 112233 11223344 121212 123123123 12341234 12345678 123456789 1234567890 123abc 123qwe
123qweasd 147258369 147852369 159357 159753 19841984 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 20002000 27182818 31415926
741852963 789456123 87654321 88888888 987654321 a123456 a1234567 a12345678 a1b2c3d4 aa123456 abc123 abcd1234
access admin admin123 administrator amanda america andrew android angel angels arsenal asd123 asdasd asdf1234
asdfasdf asdfgh asdfghjkl ashley asshole australia autumn azerty azertyuiop babyboy babygirl banana barcelona
baseball basketball batman beatles beautiful berlin beyonce blackbird blackcat blessed blink182 bluesky
brazil broncos bubbles budweiser bulldogs bullshit buster butterfly canada changeit changeme charlie cheese
chelsea china1 chocolate cobra cocacola computer contrasena contraseña cookie corvette cowboys cupcake daniel
december default demo diamond dolphin dragon eagles elephant elvis eminem enter enterprise facebook faith
falcon family february ferrari flower football forever freedom friday friends fuckoff fuckyou gandalf
garfield geforce germany ginger godzilla golden goodbye goodluck google gorgeous gpubroker guest guinness
handsome harley heaven heineken hello hello123 hellokitty helloworld hockey hunter hunter2 hurricane iloveu
iloveyou india1 instagram internet iphone january jennifer jessica jesus jesuschrist jordan jordan23 joshua
juventus killer kitten lakers letmein letmein1 letmeinnow lightning linkedin lion liverpool login london
lovely lovers loveyou madonna madrid maggie maria marlboro master matrix matthew maverick mercedes merlin
metallica mexico michael michelle mickey microsoft midnight midnite minnie monday monkey motherfucker mustang
mylove mypassword myspace1 newpassword newyork nicole nirvana nopassword nothing november nvidia oldpassword
opensesame openup orange packers pakistan panther paris pass pass1234 passpass passphrase passw0rd password
password1 password12 password123 password1234 passwort penguin pepper pepsi phoenix playboy pokemon porsche
princess puppy purple pussycat q1w2e3r4 qazwsx qazwsxedc qwe123 qweasd qweasdzxc qwer1234 qwerqwer qwerty
qwerty12 qwerty123 qwertyui qwertyuiop qwertz rabbit raiders rainbow ranger realmadrid redrose redsox rihanna
robert rocknroll rockstar root russia samsung scooby scorpion secret secret1 sexy sexygirl shadow silver
slipknot snoopy soccer softball spiderman spring stargate startrek starwars steelers summer sunday sunflower
sunshine superman superstar sweetie test test123 test1234 tester testing thepassword thomas thunder tiger
tigger together toor tornado trustno1 turtle twitter unicorn user vodka voyager welcome welcome1 whatever
whiskey whiteboy windows winnie winter wolverine word yamaha yankees yellow yourpassword youtube zaq12wsx
zxc123 zxcvbn zxcvbnm zxcvzxcv
`
    .trim()
    .split(/\s+/),
);
