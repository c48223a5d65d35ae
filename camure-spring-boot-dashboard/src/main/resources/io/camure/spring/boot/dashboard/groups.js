/** The cards of groups, and what there is to say of each in the overall line. */

/** Nodes that did not call the same are told of for so long: they may call again. */
const RECENT_MISMATCH_MILLIS = 60_000;

function cardOf(group) {
  const state = stateLabel();
  const about = element('div', {class: 'facts'});
  const title = element('div', {class: 'title'}, element('h3', {}, group.name), state.element, about);
  const body = group.type === 'broadcast' ? broadcastBody(group) : group.type === 'collective' ? collectiveBody() : barrierBody();
  const card = element('section', {class: `card ${group.type}`, 'aria-label': `${group.type} ${group.name}`}, title, ...body.elements);
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
      const worst = findingsOf(now)[0]?.tone ?? '';
      card.classList.toggle('warn', worst === 'warn');
      card.classList.toggle('bad', worst === 'bad');
      body.update(now);
    },
  };
}

function barrierBody() {
  const arrived = element('strong');
  const waiting = element('span', {class: 'muted'});
  const progress = element('p', {class: 'progress'}, arrived, ' ', waiting);
  const members = membersList();
  const last = whoIsLast();
  const chart = figure('Time of a round', [
    {name: 'p99Micros', label: '99 %', style: 'second'},
    {name: 'medianMicros', label: 'median', style: 'first'},
  ], duration, true);
  const numbers = element('dl', {class: 'figures'});
  return {
    elements: [
      element('div', {class: 'now'}, progress, ...members.elements, numbers),
      element('div', {class: 'past'}, last.element, chart.element),
    ],
    update(now) {
      const {round, rounds, past} = now;
      progress.hidden = !round;
      if (round) {
        const all = round.arrived + round.missing + 1;
        const here = round.arrived + (round.coordinatorArrived ? 1 : 0);
        const begun = round.waitingMillis != null;
        const tone = waitTone(round.waitingMillis, rounds);
        show(arrived, now.members.length ? `Round ${round.number}: ${here} of ${all} arrived` : `Round ${round.number}`);
        show(waiting, tone ? `waiting for ${age(round.waitingMillis)}, since ${clock(now.seconds * 1000 - round.waitingMillis)}`
            : begun ? 'in progress' : 'nobody has arrived');
        waiting.className = tone || 'muted';
        members.update(now.members.length ? participants(now) : []);
      } else {
        members.update(now.members);
      }
      figures(numbers, [
        {name: 'Rounds / s', value: number(rateOf(now, 'rounds', rounds.completed))},
        {name: 'Rounds', value: number(rounds.completed)},
        {name: 'Median', value: duration(rounds.recent?.medianMicros)},
        {name: 'Timed out', value: number(rounds.timedOut), attention: rounds.timedOut > 0},
        {name: 'Failed', value: number(rounds.failed), attention: rounds.failed > 0},
      ]);
      last.update(past, now.ownAddress, round && runningRound(now));
      chart.update(past);
    },
  };
}

/** A barrier at which values are given: beside its rounds, what came of the last, and whether all have called the same. */
function collectiveBody() {
  const rounds = barrierBody();
  const outcome = element('p', {class: 'outcome'});
  const by = element('p', {class: 'outcome'});
  const given = element('ul', {class: 'given', 'aria-label': 'Values of the last round'});
  const mismatch = element('p', {class: 'held', hidden: ''});
  const last = element('section', {class: 'last-outcome', 'aria-label': 'The last outcome'}, mismatch, outcome, by, given);
  const [now, past] = rounds.elements;
  now.append(last);
  return {
    elements: [now, past],
    update(group) {
      rounds.update(group);
      const {last: ended, lastMismatch, given: values} = group.collective;
      mismatch.hidden = !lastMismatch;
      show(mismatch, lastMismatch ? mismatchText(lastMismatch) : '');
      show(outcome, ended ? outcomeText(ended) : 'No outcome yet');
      // Who coordinates knows more of it than what a node has got.
      const byNode = Object.entries(values?.values?.byNode ?? ended?.values?.byNode ?? {});
      given.hidden = !byNode.length;
      by.hidden = !values?.values;
      show(by, values ? `In ${values.operation} of round ${values.number} were given` : '');
      each(given, byNode, ([node]) => node, ([node]) => {
        const value = element('b');
        return {element: element('li', {}, `${node} `, value), update: ([, text]) => show(value, text)};
      });
    },
  };
}

function outcomeText({number: round, operation, participants, values, endedMillis, rank}) {
  const value = !values ? '' : values.byNode ? ' gathered their values' : ` gave ${values.outcome}`;
  return `${operation} of round ${round}${value}, of ${participants.length} node${participants.length === 1 ? '' : 's'}${rank < 0 ? '' : `, here rank ${rank}`}, `
      + `${age(endedMillis)} ago`;
}

function mismatchText({number: round, calls, endedMillis}) {
  return `The nodes did not call the same in round ${round}, ${age(endedMillis)} ago: `
      + `${Object.entries(calls).map(([node, call]) => `${node} ${call}`).join(', ')}.`;
}

function broadcastBody(group) {
  const sends = group.role === 'coordinator';
  const used = element('span');
  const fill = element('span', {class: 'fill'});
  const room = element('p', {class: 'window'},
      sends ? term('window', 'Send window') : term('receive window', 'Receive window'),
      element('span', {class: 'track', 'aria-hidden': 'true'}, fill), used, term('chunk', 'chunks'));
  const held = element('p', {class: 'held', hidden: ''});
  const members = membersList();
  const numbers = element('dl', {class: 'figures'});
  const chart = figure(`Messages ${sends ? 'sent' : 'received'} per second`,
      [{name: 'messages', label: 'now', style: 'first'}], number);
  return {
    elements: [
      element('div', {class: 'now'}, held, room, ...members.elements, numbers),
      element('div', {class: 'past'}, chart.element),
    ],
    update(now) {
      const {messages, bytes: content, windowChunks, windowCapacity} = now.broadcast;
      const share = windowCapacity ? windowChunks / windowCapacity : 0;
      const finding = findingsOf(now).find(one => one.held);
      held.hidden = !finding;
      show(held, finding ? `Held up by ${finding.who}.` : '');
      room.hidden = windowCapacity == null;
      show(used, `${windowChunks} of ${windowCapacity}`);
      fill.style.width = `${Math.min(100, share * 100)}%`;
      room.classList.toggle('full', share > 0.9);
      members.update(now.members?.map(one => slowMember(one, now)));
      const slow = now.members?.filter(member => member.slow).length;
      figures(numbers, [
        {name: 'Messages / s', value: number(rateOf(now, 'messages', messages))},
        {name: 'Content / s', value: bytes(rateOf(now, 'bytes', content))},
        {name: 'Messages', value: number(messages)},
        ...(slow == null ? [] : [{name: 'Slow members', value: number(slow), attention: slow > 0}]),
      ]);
      chart.update(now.past);
    },
  };
}

/** How much a count grows in a second; before there are two readings, as it was recorded. */
function rateOf({session, name, seconds, past}, what, count) {
  return rates.of(`${session}/${name} ${what}`, count, seconds) ?? past?.series[what]?.at(-1);
}

/** Since when a member holds a broadcast up, in milliseconds since 1970; nothing when that was too long ago to be known. */
function slowSince(member, {name, session, events, seconds}) {
  const event = events.findLast(one => one.group === name && one.session === session && one.address === member.address
      && one.kind === 'slow');
  return event && Date.parse(event.time) <= seconds * 1000 + 1000 ? Date.parse(event.time) : null;
}

function sinceWhen(member, group) {
  const since = slowSince(member, group);
  return since == null ? '' : ` since ${clock(since)}, for ${age(Math.max(0, group.seconds * 1000 - since))}`;
}

function slowMember(member, group) {
  return {
    ...member,
    status: member.slow ? 'slow' : '',
    tone: member.slow ? 'bad' : '',
    said: [...(member.slow ? [`slow${sinceWhen(member, group)}`] : []), ...heard(member)],
  };
}

/**
 * What is not as it should be with a group, the worst first.
 *
 * @return {tone, text, awaited, held, who}: bad or warn, what it is, and for how many nodes it waits
 */
function findingsOf(group) {
  const found = [];
  const {name, state, members} = group;
  if (state === 'lost') {
    found.push({tone: 'bad', text: `this node is out of ${name}`});
  }
  if (group.round && members.length) {
    const tone = waitTone(group.round.waitingMillis, group.rounds);
    const missing = participants(group).filter(one => one.tone).map(one => one.name ?? one.address);
    if (tone && missing.length) {
      found.push({tone, awaited: missing.length,
        text: `${name} waits for ${names(missing)}, for ${age(group.round.waitingMillis)}`});
    }
  }
  const mismatch = group.collective?.lastMismatch;
  if (mismatch && mismatch.endedMillis < RECENT_MISMATCH_MILLIS) {
    found.push({tone: 'bad', text: `the nodes of ${name} did not call the same, ${age(mismatch.endedMillis)} ago`});
  }
  const slow = members?.filter(member => member.slow) ?? [];
  if (slow.length) {
    const who = names(slow.map(one => `${one.name ?? one.address}${slow.length > 1 ? '' : sinceWhen(one, group)}`));
    found.push({tone: 'bad', held: true, who, text: `${name} is held up by ${who}`});
  }
  if (state === 'forming' || state === 'degraded') {
    const awaited = group.expectedMembers - members.length;
    found.push({tone: 'warn', awaited, text: `${name} has ${members.length} of ${group.expectedMembers} expected members`});
  } else if (state === 'joining') {
    found.push({tone: 'warn', text: `${name} is not joined yet`});
  }
  return found.sort((one, other) => (one.tone === 'bad' ? 0 : 1) - (other.tone === 'bad' ? 0 : 1));
}
