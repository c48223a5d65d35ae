/** The cards of groups. */

/** With more members than this, each gets a line only. */
const MANY_MEMBERS = 12;

/** So many missing members are named. */
const NAMED_MEMBERS = 4;

/** A member that was not heard for longer than this is pointed at. */
const LATE_MILLIS = 2000;

/** A node by its name and where it is; a node that speaks only protocol 0.1 has no name. */
function nodeName({name, address}) {
  return name ? `${name} (${address})` : address;
}

function memberTile() {
  const mark = element('span', {class: 'mark', 'aria-hidden': 'true'});
  const name = element('span', {class: 'name'});
  const about = element('span', {class: 'about'});
  const tile = element('li', {}, mark, name, about);
  return {
    element: tile,
    update({name: called, address, lastHeardMillis, arrived, slow, waited}) {
      const late = lastHeardMillis > LATE_MILLIS;
      const status = slow ? 'slow' : arrived ? 'arrived' : arrived === false && waited ? 'missing' : '';
      tile.className = `${status}${late ? ' late' : ''}`;
      show(mark, slow ? '!' : arrived ? '✓' : late && waited ? '!' : '·');
      show(name, called ?? address);
      const heard = lastHeardMillis == null ? [] : [`heard ${age(lastHeardMillis)} ago`];
      show(about, [...(status ? [status] : []), ...heard].join(' · '));
      tile.title = `${nodeName({name: called, address})}: ${about.textContent}`;
    },
  };
}

function cardOf(group) {
  const state = stateLabel();
  const about = element('div', {class: 'facts'});
  const title = element('div', {class: 'title'}, element('h3', {}, group.name), state.element, about);
  const body = group.type === 'barrier' ? barrierBody() : broadcastBody(group);
  const card = element('section', {class: 'card', 'aria-label': `${group.type} ${group.name}`}, title, ...body.elements);
  return {
    element: card,
    update(now) {
      state.update(now.state);
      const members = now.members;
      facts(about, [
        ['', now.type],
        ['id', now.id],
        ['members', members && (now.expectedMembers ? `${members.length} of ${now.expectedMembers}` : members.length)],
        ['round trip', now.roundTripMicros == null ? null : duration(now.roundTripMicros)],
      ]);
      body.update(now);
    },
  };
}

function membersList() {
  const list = element('ul', {class: 'members', 'aria-label': 'Members', tabindex: '0'});
  const none = element('p', {class: 'empty'}, 'No member yet.');
  return {
    elements: [list, none],
    update(members) {
      list.hidden = !members?.length;
      list.classList.toggle('many', members?.length > MANY_MEMBERS);
      none.hidden = members == null || members.length > 0;
      each(list, members ?? [], member => member.address, memberTile);
    },
  };
}

function missingNames(members, {coordinatorArrived}) {
  const names = [...(coordinatorArrived ? [] : ['this coordinator']),
    ...members.filter(member => !member.arrived).map(member => member.name ?? member.address)];
  const more = names.length - NAMED_MEMBERS;
  return names.length ? `Missing: ${names.slice(0, NAMED_MEMBERS).join(', ')}${more > 0 ? ` and ${more} more` : ''}` : '';
}

function barrierBody() {
  const arrived = element('strong');
  const waiting = element('span', {class: 'muted'});
  const progress = element('p', {class: 'progress'}, arrived, waiting);
  const missing = element('p', {class: 'missing-names'});
  const members = membersList();
  const chart = figure('Time of a round', [
    {name: 'last', label: 'last', style: 'third', dots: true},
    {name: 'p99', label: '99 %', style: 'second'},
    {name: 'median', label: 'median', style: 'first'},
  ], duration, true);
  const numbers = element('dl', {class: 'figures'});
  return {
    elements: [progress, missing, ...members.elements, numbers, chart.element],
    update(now) {
      const {round, rounds} = now;
      progress.hidden = !round;
      missing.hidden = !round;
      if (round) {
        const all = round.arrived + round.missing + 1;
        const here = round.arrived + (round.coordinatorArrived ? 1 : 0);
        const begun = round.waitingMillis != null;
        show(arrived, now.members.length ? `Round ${round.number}: ${here} of ${all} arrived` : `Round ${round.number}`);
        show(waiting, begun ? `waiting ${age(round.waitingMillis)}` : 'nobody has arrived');
        waiting.className = begun && round.waitingMillis > LATE_MILLIS ? 'late' : 'muted';
        show(missing, begun ? missingNames(now.members, round) : '');
        missing.hidden = !missing.textContent;
        const coordinator = {address: 'this coordinator', arrived: round.coordinatorArrived, waited: begun};
        members.update(now.members.length
            ? [coordinator, ...now.members.map(member => ({...member, waited: begun}))] : []);
      } else {
        members.update(now.members);
      }
      const key = `${now.session}/${now.name}`;
      const ended = rounds.completed > (this.completed ?? 0);
      this.completed = rounds.completed;
      figures(numbers, [
        {name: 'Rounds / s', value: number(history.rate(`${key} rounds`, rounds.completed, now.seconds))},
        {name: 'Rounds', value: number(rounds.completed)},
        {name: 'Timed out', value: number(rounds.timedOut), attention: rounds.timedOut > 0},
        {name: 'Failed', value: number(rounds.failed), attention: rounds.failed > 0},
      ]);
      chart.update(history.add(key, {
        last: ended ? rounds.last?.durationMicros : null,
        p99: ended ? rounds.recent?.p99Micros : null,
        median: ended ? rounds.recent?.medianMicros : null,
      }));
    },
  };
}

function broadcastBody(group) {
  const verb = group.role === 'coordinator' ? 'sent' : 'received';
  const used = element('span');
  const fill = element('span', {class: 'fill'});
  const room = element('p', {class: 'window'},
      element('span', {class: 'muted'}, verb === 'sent' ? 'Send window' : 'Receive window'),
      element('span', {class: 'track', 'aria-hidden': 'true'}, fill), used);
  const members = membersList();
  const numbers = element('dl', {class: 'figures'});
  const chart = figure(`Messages ${verb} per second`, [{name: 'messages', label: 'now', style: 'first'}], number);
  return {
    elements: [room, ...members.elements, numbers, chart.element],
    update(now) {
      const {messages, bytes: content, windowChunks, windowCapacity} = now.broadcast;
      const key = `${now.session}/${now.name}`;
      const rate = history.rate(`${key} messages`, messages, now.seconds);
      const share = windowCapacity ? windowChunks / windowCapacity : 0;
      room.hidden = windowCapacity == null;
      show(used, `${windowChunks} of ${windowCapacity} chunks`);
      fill.style.width = `${Math.min(100, share * 100)}%`;
      room.classList.toggle('full', share > 0.75);
      members.update(now.members);
      const slow = now.members?.filter(member => member.slow).length;
      figures(numbers, [
        {name: 'Messages / s', value: number(rate)},
        {name: 'Content / s', value: bytes(history.rate(`${key} bytes`, content, now.seconds))},
        {name: 'Messages', value: number(messages)},
        ...(slow == null ? [] : [{name: 'Slow members', value: number(slow), attention: slow > 0}]),
      ]);
      chart.update(history.add(key, {messages: rate}));
    },
  };
}
