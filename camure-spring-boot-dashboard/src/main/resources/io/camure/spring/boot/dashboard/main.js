/** Reads the endpoint again and again, and shows what it says, or in words why it says nothing. */

const INTERVAL_MILLIS = 1000;
const TIMEOUT_MILLIS = 5000;
const SHOWN_FINDINGS = 4;

/** Older than this, what is shown is dimmed. */
const STALE_MILLIS = 3000;
const ENDPOINT = document.body.dataset.endpoint;
const byId = id => document.getElementById(id);
let timer;
let paused = false;
let failing = false;

/** When something was read last, by this machine's clock; nothing before. */
let readMillis = null;

function complain(where, text) {
  byId(where).hidden = !text;
  show(byId(where), text ?? '');
}

function answerInWords(response) {
  if (response.type === 'opaqueredirect') {
    return 'the application leads to another page, as when it wants you to sign in: do so in another tab';
  }
  switch (response.status) {
    case 401:
      return 'the application wants you to sign in (401): do so in another tab';
    case 403:
      return 'you may not read the endpoint camure (403)';
    case 404:
      return 'the endpoint camure is not exposed (404): see management.endpoints.web.exposure.include';
    default:
      return `the application answers ${response.status}`;
  }
}

function failureInWords(error) {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return `there was no answer within ${age(TIMEOUT_MILLIS)}: the application hangs, or the way to it does`;
  }
  return error instanceof TypeError
      ? 'the application can\'t be reached: it has ended, or the network between is down' : error.message;
}

async function get(path) {
  const response = await fetch(`${ENDPOINT}${path}`, {
    headers: {Accept: 'application/json'}, cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MILLIS),
  });
  if (!response.ok) {
    throw new Error(answerInWords(response));
  }
  if (!/[/+]json\b/.test(response.headers.get('Content-Type') ?? '')) {
    throw new Error('a page came in place of data, as when the application wants you to sign in: do so in another tab');
  }
  return response.json();
}

/** All that is wrong, the worst first. */
function findings(sessions, listeners) {
  const all = sessions.flatMap(session => {
    const own = sessionFinding(session);
    // Its groups are as they are because of it.
    return own ? [own] : session.groups.flatMap(findingsOf);
  });
  listeners.filter(listener => !listener.running).forEach(listener =>
      all.push({tone: 'warn', text: `listener ${listener.id} of ${listener.group} is stopped`}));
  return [...all.filter(one => one.tone === 'bad'), ...all.filter(one => one.tone !== 'bad')];
}

function verdict(found) {
  if (!found.length) {
    return 'All is well';
  }
  if (found[0].tone === 'bad') {
    return 'Held up';
  }
  const awaited = found.reduce((most, one) => Math.max(most, one.awaited ?? 0), 0);
  return awaited ? `Waiting for ${awaited}` : 'Attention';
}

function showOverall(sessions, listeners) {
  const found = findings(sessions, listeners);
  const overall = byId('overall');
  const tone = found[0]?.tone ?? 'good';
  overall.hidden = !sessions.length;
  overall.className = `overall ${tone}`;
  show(overall.querySelector('.mark'), tone === 'good' ? '✓' : '!');
  show(overall.querySelector('strong'), verdict(found));
  const groups = sessions.reduce((count, session) => count + session.groups.length, 0);
  const members = sessions.reduce((count, session) => count + (session.members ?? 0), 0);
  const counted = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;
  show(overall.querySelector('.first-finding'), found[0]?.text
      ?? [...(sessions.some(session => session.members != null) ? [counted(members, 'member')] : []), counted(groups, 'group')].join(', '));
  const more = found.slice(1, SHOWN_FINDINGS).map(one => one.text);
  if (found.length > SHOWN_FINDINGS) {
    more.push(`and ${found.length - SHOWN_FINDINGS} more`);
  }
  each(overall.querySelector('.more-findings'), more, text => text, text => ({element: element('li', {}, text), update() {}}));
  document.title = `${tone === 'good' ? '' : `${verdict(found)}: `}${sessions[0]?.node ?? 'no session'} – camure`;
}

/** When another node than before has begun to coordinate a session. */
function changesOf(session, events) {
  return events.filter(event => event.kind === 'coordinator-changed' && event.session === session)
      .map(({time, node}) => ({time: Date.parse(time), name: node}));
}

/** Has each session and group what was recorded of it. */
function together(now, past) {
  const seconds = Date.parse(now.time) / 1000;
  const recorded = new Map(past.groups.map(group =>
    [`${group.session} ${group.name}`, {...group, changes: changesOf(group.session, past.events)}]));
  return now.sessions.map(session => ({
    ...session, seconds,
    groups: session.groups.map(group => ({
      ...group, seconds, events: past.events, ownAddress: session.address, past: recorded.get(`${group.session} ${group.name}`),
    })),
  }));
}

async function read() {
  const [now, past] = await Promise.all([get(''), get('/history')]);
  const sessions = together(now, past);
  const parts = sessions.map(session => ({kind: 'session', ...session}));
  if (now.listeners.length) {
    parts.push({kind: 'listeners', name: '', listeners: now.listeners, writable: now.writable});
  }
  if (sessions.length) {
    parts.push({kind: 'events', name: '', events: past.events});
  }
  byId('sessions').querySelector(':scope > .empty')?.remove();
  const makers = {session: sessionPart, listeners: listenersPart, events: eventsPart};
  each(byId('sessions'), parts, part => `${part.kind} ${part.name}`, part => makers[part.kind](part));
  if (!parts.length) {
    byId('sessions').append(element('p', {class: 'empty'}, 'This application has no session: set camure.role.'));
  }
  showOverall(sessions, now.listeners);
  readMillis = Date.now();
}

/** Says how old what is shown is, and dims it when that is no longer now. */
function showAge() {
  const old = readMillis == null ? null : Date.now() - readMillis;
  const stale = old > STALE_MILLIS || failing && old != null;
  document.body.classList.toggle('stale', stale);
  show(byId('updated'), old == null ? 'not read yet'
      : `${paused ? 'paused, ' : ''}read ${clock(readMillis)}${stale ? `, ${age(Math.round(old / 1000) * 1000)} ago` : ''}`);
}

async function readOn() {
  try {
    await read();
    failing = false;
    complain('problem', null);
  } catch (error) {
    failing = true;
    complain('problem', readMillis == null
        ? `Nothing could be read yet: ${failureInWords(error)}.`
        : `Nothing new can be read: ${failureInWords(error)}. What is shown is of ${clock(readMillis)}.`);
  }
  showAge();
  if (!paused) {
    // One that was begun meanwhile, by a pause that ended, is not to go on beside this one.
    clearTimeout(timer);
    timer = setTimeout(readOn, INTERVAL_MILLIS);
  }
}

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  clearTimeout(timer);
  showAge();
  if (!paused) {
    readOn();
  }
});
setInterval(showAge, 1000);
readOn();
