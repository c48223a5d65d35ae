/** A session: how it is, its groups, and at the coordinator all of its members. */

function sessionPart(session) {
  const state = stateLabel();
  const about = element('div', {class: 'facts'});
  const notice = element('p', {class: 'notice', role: 'alert', hidden: ''});
  const groups = element('div', {class: 'groups'});
  const numbers = element('dl', {class: 'figures', 'aria-label': 'Figures of the session'});
  const members = membersTable();
  const empty = element('p', {class: 'empty'}, 'The session has no groups.');
  const title = element('h2', {}, session.name === 'default' ? session.node : `${session.name}: ${session.node}`);
  return {
    element: element('section', {class: 'session', 'aria-label': `Session ${session.name}`},
        element('div', {class: 'title'}, title, state.element, about), notice, groups, empty, members.element, numbers),
    update(now) {
      state.update(now.state);
      const {coordinator, statistics} = now;
      facts(about, [
        ['role', now.role], ['at', now.address], ['group traffic to', now.multicastAddress], ['transport', now.transport],
        ['wire', now.security && wire(now.security)],
        ['deaf members', now.deafMembers?.join(', ')], ['small paths', smallPaths(now)],
        ['incarnation', now.incarnation], ['coordinator', coordinator && nodeName(coordinator)],
        ['heard', coordinator && `${age(coordinator.lastHeardMillis)} ago`],
      ]);
      const finding = sessionFinding(now);
      notice.hidden = !finding;
      notice.classList.toggle('waiting', finding?.tone === 'warn');
      show(notice, finding?.more ?? '');
      const rate = (name, count) => rates.of(`${now.name} ${name}`, count, now.seconds);
      const repeated = rate('repeated', statistics.retransmissions);
      const dropped = rate('dropped', sum(statistics.datagramsDropped));
      figures(numbers, [
        now.members == null
            ? {name: 'Round trip', term: 'round trip', value: duration(coordinator?.roundTripMicros)}
            : {name: 'Members', value: number(now.members), attention: now.members === 0},
        {name: 'Datagrams sent / s', value: number(rate('sent', statistics.datagramsSent))},
        {name: 'Received / s', value: number(rate('received', statistics.datagramsReceived))},
        {name: 'Repeated / s', value: number(repeated), attention: repeated >= 10},
        {name: 'Dropped / s', value: number(dropped), attention: dropped >= 10},
        {name: 'Not sent', value: number(statistics.sendFailures), attention: statistics.sendFailures > 0},
      ]);
      empty.hidden = now.groups.length > 0;
      each(groups, now.groups, group => group.name, cardOf);
      members.update(now);
    },
  };
}

/** How a session is sealed, and whom it lets in where that is by certificates. */
function wire({sealed, cipher, certificates}) {
  return sealed ? ['sealed', cipher, certificates].filter(Boolean).join(', ') : 'in clear';
}

/** The members to which less gets than networks usually take. */
function smallPaths({paths}) {
  return (paths ?? []).filter(path => path.lowered).map(path => `${path.bytes} bytes to ${nodeName(path)}`).join(', ');
}

/** What is not as it should be with the session itself. */
function sessionFinding({state, coordinator}) {
  const who = coordinator ? ` ${nodeName(coordinator)}` : '';
  switch (state) {
    case 'lost':
      return {tone: 'bad', text: `the coordinator${who} is lost`,
        more: `The coordinator${who} is lost. No round and no message passes until this node is back in.`};
    case 'joining':
      return {tone: 'warn', text: 'the coordinator has not let this node in yet',
        more: 'The coordinator has not let this node in yet. It goes on trying.'};
    case 'stopped':
      return {tone: 'warn', text: 'the session is stopped', more: 'The session is stopped.'};
    default:
      return null;
  }
}

/** Each member once, with what the coordinator knows of it in all groups. */
function sessionMembers({groups, seconds}) {
  const all = new Map();
  groups.forEach(group => (group.members ?? []).forEach(member => {
    const one = all.get(member.address) ?? {...member, groups: [], doing: [], tone: '', roundTripMicros: null};
    one.groups.push(group.name);
    one.lastHeardMillis = Math.min(one.lastHeardMillis, member.lastHeardMillis);
    one.since = one.since < member.since ? one.since : member.since;
    const tone = group.round && !member.arrived ? waitTone(group.round.waitingMillis, group.rounds) : member.slow ? 'bad' : '';
    if (tone) {
      one.doing.push(member.slow ? `holds ${group.name} up` : `missing at ${group.name} for ${age(group.round.waitingMillis)}`);
      one.tone = one.tone === 'bad' ? 'bad' : tone;
    }
    // The fullest of its windows.
    if (member.windowCapacity && member.windowChunks / member.windowCapacity >= (one.window?.share ?? 0)) {
      one.window = {share: member.windowChunks / member.windowCapacity, text: `${member.windowChunks} of ${member.windowCapacity}`};
    }
    one.roundTripMicros ??= group.past?.nodes?.find(node => node.address === member.address)?.roundTripMicros ?? null;
    all.set(member.address, one);
  }));
  const rank = {bad: 0, warn: 1, '': 2};
  return [...all.values()].map(one => ({...one, seconds})).sort((one, other) => rank[one.tone] - rank[other.tone]);
}

function memberRow() {
  const cells = ['', 'doing', '', 'number', 'number', 'number', 'number'].map((style, index) =>
      index === 0 ? element('th', {scope: 'row'}) : element('td', {class: style}));
  const [name, doing, groups, roundTrip, heard, room, since] = cells;
  const row = element('tr', {}, ...cells);
  return {
    element: row,
    update(now) {
      row.className = now.tone;
      show(name, now.name ?? now.address);
      name.title = nodeName(now);
      show(groups, now.groups.join(', '));
      show(roundTrip, now.roundTripMicros == null ? '–' : duration(now.roundTripMicros));
      show(heard, `${age(now.lastHeardMillis)} ago`);
      show(room, now.window?.text ?? '–');
      show(since, age(Math.max(0, now.seconds * 1000 - Date.parse(now.since))));
      show(doing, now.doing.join(', ') || 'well');
    },
  };
}

function membersTable() {
  const rows = element('tbody');
  const head = (text, number) => element('th', {scope: 'col', class: number ? 'number' : ''}, text);
  const whole = element('section', {class: 'card scroll session-members', 'aria-label': 'Members of the session', tabindex: '0'},
      element('table', {}, element('caption', {}, 'Members'),
          element('thead', {}, element('tr', {}, head('Member'), head('State'), head('Groups'), head('Round trip', true),
              head('Heard', true), head('Window use', true), head('In for', true))), rows));
  return {
    element: whole,
    update(now) {
      const all = sessionMembers(now);
      whole.hidden = !all.length;
      each(rows, all, one => one.address, memberRow);
    },
  };
}
