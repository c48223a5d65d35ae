/** Reads the endpoint again and again, and shows what it says. */

const INTERVAL_MILLIS = 1000;
const ENDPOINT = document.body.dataset.endpoint;
const byId = id => document.getElementById(id);
let timer;
let paused = false;

function sessionPart(session) {
  const state = stateLabel();
  const about = element('div', {class: 'facts'});
  const notice = element('p', {class: 'notice', role: 'alert', hidden: ''});
  const numbers = element('dl', {class: 'figures', 'aria-label': 'Figures of the session'});
  const groups = element('div', {class: 'groups'});
  const empty = element('p', {class: 'empty'}, 'The session has no groups.');
  const title = element('h2', {}, session.name === 'default' ? session.node : `${session.name}: ${session.node}`);
  return {
    element: element('section', {class: 'session', 'aria-label': `Session ${session.name}`},
        element('div', {class: 'title'}, title, state.element, about), notice, numbers, groups, empty),
    update(now) {
      state.update(now.state);
      const {coordinator, statistics} = now;
      facts(about, [
        ['role', now.role], ['at', now.address], ['group traffic to', now.multicastAddress], ['transport', now.transport],
        ['deaf members', now.deafMembers?.join(', ')],
        ['run', now.incarnation], ['coordinator', coordinator && nodeName(coordinator)],
        ['heard', coordinator && `${age(coordinator.lastHeardMillis)} ago`],
      ]);
      notice.classList.toggle('waiting', now.state === 'joining');
      notice.hidden = now.state !== 'lost' && now.state !== 'joining';
      if (!notice.hidden) {
        show(notice, now.state === 'joining'
            ? 'The coordinator has not let this node in yet. It goes on trying.'
            : `The coordinator ${coordinator ? nodeName(coordinator) : ''} is lost. No round and no message passes until this node is back in.`);
      }
      const rate = (name, count) => history.rate(`${now.name} ${name}`, count, now.seconds);
      const repeated = rate('repeated', statistics.retransmissions);
      const dropped = rate('dropped', sum(statistics.datagramsDropped));
      figures(numbers, [
        now.members == null
            ? {name: 'Round trip', value: duration(coordinator?.roundTripMicros)}
            : {name: 'Members', value: number(now.members), attention: now.members === 0},
        {name: 'Sent / s', value: number(rate('sent', statistics.datagramsSent))},
        {name: 'Received / s', value: number(rate('received', statistics.datagramsReceived))},
        {name: 'Repeated / s', value: number(repeated), attention: repeated >= 1},
        {name: 'Dropped / s', value: number(dropped), attention: dropped >= 1},
        {name: 'Not sent', value: number(statistics.sendFailures), attention: statistics.sendFailures > 0},
      ]);
      empty.hidden = now.groups.length > 0;
      each(groups, now.groups.map(group => ({...group, seconds: now.seconds})), group => group.name, cardOf);
    },
  };
}

/** All listeners of the application, with a button each. */
function listenersPart() {
  const rows = element('tbody');
  const head = ['Listener', 'Group', 'State', 'Queue', 'Dropped', ''].map((name, index) =>
      element('th', {scope: 'col', class: index === 3 || index === 4 ? 'number' : ''}, name));
  return {
    element: element('section', {class: 'card scroll', 'aria-label': 'Listeners', tabindex: '0'},
        element('table', {}, element('caption', {}, 'Listeners'), element('thead', {}, element('tr', {}, ...head)), rows)),
    update: ({listeners}) => each(rows, listeners, listener => listener.id, listenerRow),
  };
}

function listenerRow({id, group}) {
  const state = stateLabel();
  const queue = element('td', {class: 'number'});
  const dropped = element('td', {class: 'number'});
  const button = element('button', {type: 'button'});
  let running;
  button.addEventListener('click', () => change(id, running ? 'stop' : 'start'));
  return {
    element: element('tr', {}, element('td', {}, id), element('td', {}, group), element('td', {}, state.element),
        queue, dropped, element('td', {class: 'number'}, button)),
    update(now) {
      running = now.running;
      state.update(running ? 'open' : 'stopped');
      show(state.element, running ? 'running' : 'stopped');
      show(queue, now.queueCapacity ? `${now.queueSize} of ${now.queueCapacity}` : 'none');
      show(dropped, number(now.dropped));
      show(button, running ? 'Stop' : 'Start');
      button.setAttribute('aria-label', `${running ? 'Stop' : 'Start'} listener ${id}`);
    },
  };
}

/** For Spring Security, where it lets pages read its token: the names are those of its CookieCsrfTokenRepository. */
function csrfHeader() {
  const name = 'XSRF-TOKEN=';
  const cookie = document.cookie.split('; ').find(each => each.startsWith(name));
  return cookie ? {'X-XSRF-TOKEN': decodeURIComponent(cookie.slice(name.length))} : {};
}

async function change(id, action) {
  try {
    const response = await fetch(`${ENDPOINT}/listeners/${encodeURIComponent(id)}`, {
      method: 'POST', headers: {'Content-Type': 'application/json', ...csrfHeader()}, body: JSON.stringify({action}),
    });
    if (!response.ok) {
      throw new Error(`the application answers ${response.status}`
          + (response.status === 403 ? ', as when it wants a CSRF token that the page may not read' : ''));
    }
    complain('refusal', null);
    show(byId('announcements'), `Listener ${id}: ${action} asked for`);
    await read();
  } catch (error) {
    complain('refusal', `Listener ${id} can't be changed: ${error.message}.`);
  }
}

function complain(where, text) {
  byId(where).hidden = !text;
  show(byId(where), text ?? '');
}

async function read() {
  const response = await fetch(ENDPOINT, {headers: {Accept: 'application/json'}, cache: 'no-store'});
  if (!response.ok) {
    throw new Error(response.status === 404 ? 'the endpoint camure is not exposed' : `the answer is ${response.status}`);
  }
  const now = await response.json();
  const seconds = Date.parse(now.time) / 1000;
  document.title = `${now.sessions[0]?.node ?? 'no session'} – camure`;
  const parts = now.sessions.map(session => ({kind: 'session', seconds, ...session}));
  if (now.listeners.length) {
    parts.push({kind: 'listeners', name: '', listeners: now.listeners});
  }
  byId('sessions').querySelector(':scope > .empty')?.remove();
  each(byId('sessions'), parts, part => `${part.kind} ${part.name}`,
      part => part.kind === 'session' ? sessionPart(part) : listenersPart());
  if (!parts.length) {
    byId('sessions').append(element('p', {class: 'empty'}, 'This application has no session: set camure.role.'));
  }
  show(byId('updated'), `read ${new Date(now.time).toLocaleTimeString()}`);
}

async function readOn() {
  try {
    await read();
    complain('problem', null);
  } catch (error) {
    complain('problem', `Nothing new can be read: ${error.message}. What is shown is old.`);
  }
  if (!paused) {
    timer = setTimeout(readOn, INTERVAL_MILLIS);
  }
}

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  clearTimeout(timer);
  if (!paused) {
    readOn();
  }
});
readOn();
