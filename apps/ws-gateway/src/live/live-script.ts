/** Runs in the browser as it stands. It may not use template literals: it stands in one. */
export const LIVE_SCRIPT = String.raw`'use strict';
(function () {
  var SHOWN = 100;
  var FIRST_RETRY_MS = 500;
  var LONGEST_RETRY_MS = 15000;
  /* Heartbeats come every 30 s: a line that is silent for longer is dead, whatever the browser thinks of it. */
  var SILENCE_MS = 75000;
  var SOURCES_EVERY_MS = 30000;

  var at = function (id) { return document.getElementById(id); };
  var offers = new Map();
  var counts = new Map();
  var sources = new Map();
  var recent = [];
  var waiting = [];
  var state = { socket: null, lastEventId: null, lastChangeAt: null, heardAt: 0, changes: 0, retryMs: FIRST_RETRY_MS, paused: false };
  var money = new Intl.NumberFormat('en', { minimumFractionDigits: 4, maximumFractionDigits: 4 });

  function filters() {
    var chosen = {};
    if (at('gpu').value.trim()) chosen.gpu_type = at('gpu').value.trim();
    if (at('provider').value) chosen.provider = at('provider').value;
    return chosen;
  }

  function matches(offer) {
    var chosen = filters();
    return (!chosen.gpu_type || offer.gpu_type.toLowerCase().includes(chosen.gpu_type.toLowerCase())) &&
      (!chosen.provider || offer.provider === chosen.provider);
  }

  function say(state, text) {
    at('connection').dataset.state = state;
    if (at('connection').textContent !== text) at('connection').textContent = text;
  }

  function connect() {
    say('connecting', 'connecting');
    var socket = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/ws/');
    state.socket = socket;
    socket.onopen = function () {
      state.heardAt = Date.now();
      state.retryMs = FIRST_RETRY_MS;
      say('live', 'live');
      subscribe();
      if (state.lastEventId) socket.send(JSON.stringify({ type: 'resume', last_event_id: state.lastEventId }));
      else load();
    };
    socket.onmessage = function (event) {
      state.heardAt = Date.now();
      hear(JSON.parse(event.data));
    };
    socket.onclose = function () {
      if (state.socket !== socket) return;
      /* Spread out: thousands of pages come back at once after a restart. */
      var wait = state.retryMs * (0.5 + Math.random());
      state.retryMs = Math.min(LONGEST_RETRY_MS, state.retryMs * 2);
      say('lost', 'connection lost, trying again');
      setTimeout(connect, wait);
    };
  }

  function subscribe() {
    if (state.socket && state.socket.readyState === WebSocket.OPEN)
      state.socket.send(JSON.stringify({ type: 'subscribe', filters: filters() }));
  }

  function hear(message) {
    if (message.type === 'price_update') {
      if (state.paused) hold(message.data);
      else change(message.data);
    } else if (message.type === 'snapshot_required') load();
    else if (message.type === 'error') at('note').textContent = message.message || message.code;
  }

  /* Of a long pause the latest changes are enough. */
  function hold(update) {
    waiting.push(update);
    if (waiting.length > 10000) waiting.shift();
  }

  function change(update) {
    var committed = Date.parse(update.timestamp);
    var known = offers.get(update.offer_id);
    state.lastEventId = update.event_id;
    /* A replay repeats what came before: the newer one stands. */
    if (known && known.at > committed) return;
    state.lastChangeAt = committed;
    state.changes += 1;
    recent.push(Date.now());
    counts.set(update.provider, (counts.get(update.provider) || 0) + 1);
    at('latency').textContent = Math.max(0, Date.now() - committed) + ' ms';
    show({
      id: update.offer_id, gpu_type: update.gpu_type, provider: update.provider, region: update.region, old: update.old_price,
      price: update.new_price, currency: update.currency, availability: update.availability_status, at: committed
    }, true);
    listProvider(update.provider);
  }

  function load() {
    var query = new URLSearchParams(filters());
    query.set('per_page', String(SHOWN));
    fetch('/api/v2/providers?' + query).then(function (answer) {
      if (!answer.ok) throw new Error('the list of offers answers ' + answer.status);
      return answer.json();
    }).then(function (list) {
      at('note').textContent = list.total + ' offers match';
      list.items.forEach(function (item) {
        var stamp = Date.parse(item.price_changed_at || item.observed_at);
        var known = offers.get(item.id);
        sources.set(item.provider, item.source);
        listProvider(item.provider);
        if (!known || known.at < stamp) show({
          id: item.id, gpu_type: item.gpu_type, provider: item.provider, region: item.region, old: null, price: item.price_per_hour,
          currency: item.currency, availability: item.availability_status, at: stamp
        }, false);
      });
    }).catch(function (error) { at('note').textContent = error.message + '; showing changes only'; });
  }

  /* Demonstration prices are called that wherever they stand. A cloud is emulated as a whole or not at all. */
  function label(slug) { return sources.get(slug) === 'emulator' ? slug + ' (emulator)' : slug; }

  function loadSources() {
    fetch('/api/v2/providers/list').then(function (answer) { return answer.ok ? answer.json() : { items: [] }; }).then(function (list) {
      list.items.forEach(function (cloud) {
        sources.set(cloud.provider, cloud.source);
        if (cloud.source) listProvider(cloud.provider);
      });
      offers.forEach(function (offer) { offer.row.cells[1].textContent = label(offer.provider); });
    }).catch(function () { /* The list of offers has said that the API is away. */ });
  }

  function cell(row, text, className) {
    var made = row.insertCell();
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function show(offer, isChange) {
    var known = offers.get(offer.id);
    if (known) known.row.remove();
    if (!matches(offer)) { offers.delete(offer.id); return; }
    var row = document.createElement('tr');
    var difference = offer.old === null ? null : offer.price - offer.old;
    var direction = difference === null ? 'new' : difference > 0 ? 'up' : difference < 0 ? 'down' : 'new';
    cell(row, offer.gpu_type);
    cell(row, label(offer.provider));
    cell(row, offer.region);
    cell(row, money.format(offer.price) + ' ' + offer.currency, 'number');
    cell(row, changeText(offer.old, difference, isChange), 'number ' + direction);
    cell(row, offer.availability);
    offer.since = cell(row, '');
    offer.row = row;
    if (isChange) row.className = 'flash-' + direction;
    if (isChange) at('offers').prepend(row); else at('offers').append(row);
    offers.set(offer.id, offer);
    while (at('offers').rows.length > SHOWN) forget(at('offers').rows[SHOWN]);
  }

  function changeText(old, difference, isChange) {
    if (!isChange) return '';
    if (difference === null) return 'new';
    if (difference === 0) return '=';
    var percent = old > 0 ? ' ' + Math.abs(difference / old * 100).toFixed(1) + ' %' : '';
    return (difference > 0 ? '▲' : '▼') + percent;
  }

  function forget(row) {
    offers.forEach(function (offer, id) { if (offer.row === row) offers.delete(id); });
    row.remove();
  }

  function listProvider(slug) {
    var option = Array.prototype.find.call(at('provider').options, function (one) { return one.value === slug; });
    if (!option) at('provider').add(new Option(slug, slug));
    var item = at('providers').querySelector('[data-provider="' + CSS.escape(slug) + '"]');
    if (!item) {
      item = document.createElement('li');
      item.dataset.provider = slug;
      at('providers').append(item);
    }
    item.textContent = label(slug) + ': ' + (counts.get(slug) || 0);
  }

  function ago(ms) {
    if (ms < 0) ms = 0;
    if (ms < 10000) return (ms / 1000).toFixed(1) + ' s ago';
    if (ms < 120000) return Math.round(ms / 1000) + ' s ago';
    return ms < 7200000 ? Math.round(ms / 60000) + ' min ago' : Math.round(ms / 3600000) + ' h ago';
  }

  function tick() {
    var now = Date.now();
    while (recent.length && recent[0] < now - 10000) recent.shift();
    at('changes').textContent = String(state.changes);
    at('rate').textContent = String(recent.length);
    if (state.lastChangeAt !== null) at('age').textContent = ago(now - state.lastChangeAt);
    offers.forEach(function (offer) {
      var text = ago(now - offer.at);
      if (offer.since.textContent !== text) offer.since.textContent = text;
    });
    if (state.socket && state.socket.readyState === WebSocket.OPEN && now - state.heardAt > SILENCE_MS) state.socket.close();
  }

  function filterAnew() {
    offers.forEach(function (offer, id) { if (!matches(offer)) { offer.row.remove(); offers.delete(id); } });
    subscribe();
    load();
  }

  var typing = null;
  at('gpu').addEventListener('input', function () { clearTimeout(typing); typing = setTimeout(filterAnew, 300); });
  at('provider').addEventListener('change', filterAnew);
  at('filters').addEventListener('submit', function (event) { event.preventDefault(); filterAnew(); });
  at('pause').addEventListener('click', function () {
    state.paused = !state.paused;
    at('pause').setAttribute('aria-pressed', String(state.paused));
    at('pause').textContent = state.paused ? 'Go on' : 'Pause';
    if (!state.paused) waiting.splice(0).forEach(change);
  });
  setInterval(tick, 200);
  setInterval(loadSources, SOURCES_EVERY_MS);
  loadSources();
  connect();
})();
`;
