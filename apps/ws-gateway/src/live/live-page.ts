/** Own files and own sockets only, nothing inline. 'self' covers ws: and wss: of the same host and port. */
export const LIVE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const LIVE_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>GPUBROKER: live prices</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/api/v2/live/live.css" />
    <script src="/api/v2/live/live.js" defer></script>
  </head>
  <body>
    <header>
      <h1>Live GPU prices</h1>
      <p id="connection" role="status" data-state="connecting">connecting</p>
      <dl>
        <div><dt>Last change</dt><dd id="age">none yet</dd></div>
        <div><dt>Commit to screen</dt><dd id="latency">–</dd></div>
        <div><dt>Changes seen</dt><dd id="changes">0</dd></div>
        <div><dt>In the last 10 s</dt><dd id="rate">0</dd></div>
      </dl>
    </header>
    <noscript><p>This page needs JavaScript. The prices are at <a href="/api/v2/providers">/api/v2/providers</a>.</p></noscript>
    <main>
      <form id="filters" role="search">
        <label>GPU contains <input id="gpu" type="search" maxlength="100" autocomplete="off" placeholder="h100" /></label>
        <label>Provider <select id="provider"><option value="">all</option></select></label>
        <button id="pause" type="button" aria-pressed="false">Pause</button>
        <span id="note" role="status"></span>
      </form>
      <section aria-labelledby="providers-title">
        <h2 id="providers-title">Changes by provider</h2>
        <ul id="providers"></ul>
      </section>
      <section aria-labelledby="offers-title">
        <h2 id="offers-title">Offers, the latest change first</h2>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="offers-title">
          <table>
            <thead>
              <tr>
                <th scope="col">GPU</th>
                <th scope="col">Provider</th>
                <th scope="col">Region</th>
                <th scope="col" class="number">Per GPU-hour</th>
                <th scope="col" class="number">Change</th>
                <th scope="col">Availability</th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody id="offers"></tbody>
          </table>
        </div>
      </section>
    </main>
  </body>
</html>
`;
