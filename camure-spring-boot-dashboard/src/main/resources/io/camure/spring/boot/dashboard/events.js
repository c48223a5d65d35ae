/** What has happened: who came and went, what was slow and what broke. */

const SHOWN_EVENTS = 60;
const EVENT_TONES = {
  joined: 'good', 'caught-up': 'good', 'coordinator-regained': 'good', 'group-regained': 'good',
  left: '', hears: 'good', deaf: 'bad', path: '', 'path-lowered': 'bad', slow: 'bad', lost: 'bad', evicted: 'bad', broken: 'bad', mismatch: 'bad', 'coordinator-lost': 'bad', 'coordinator-changed': '', 'lease-ended': 'bad', 'group-lost': 'bad',
  'listener-failed': 'bad',
};

function eventRow() {
  const time = element('time');
  const kind = element('span', {class: 'kind'});
  const group = element('span', {class: 'group'});
  const text = element('span', {class: 'text'});
  const row = element('li', {}, time, kind, group, text);
  return {
    element: row,
    update(event) {
      row.className = EVENT_TONES[event.kind] ?? '';
      show(time, clock(Date.parse(event.time)));
      time.setAttribute('datetime', event.time);
      show(kind, event.kind.replace('-', ' '));
      show(group, event.group ?? '');
      show(text, event.text);
    },
  };
}

function eventsPart() {
  const list = element('ol', {class: 'events', tabindex: '0', 'aria-label': 'Events, the newest first'});
  const none = element('p', {class: 'empty'}, 'Nothing has happened yet.');
  return {
    element: element('section', {class: 'card', 'aria-label': 'Events'}, element('h3', {}, 'Events'), list, none),
    update({events}) {
      list.hidden = !events.length;
      none.hidden = events.length > 0;
      const newest = events.slice(-SHOWN_EVENTS).reverse();
      each(list, newest, event => `${event.time} ${event.kind} ${event.group} ${event.address}`, eventRow);
    },
  };
}
