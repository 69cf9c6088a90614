import { runDeadLettersCommand } from './dead-letters.command';

void runDeadLettersCommand(process.argv.slice(2), process.env, (line) => {
  console.log(line);
}).then((exitCode) => {
  process.exitCode = exitCode;
});
