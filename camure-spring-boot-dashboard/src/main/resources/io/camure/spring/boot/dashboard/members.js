/** The members of a group as tiles: who is awaited stands out and comes first. */

/** With more members than this, each that is not awaited gets a line only. */
const MANY_MEMBERS = 12;

/** Whoever waits for less than this waits for nobody: it is how rounds go. */
const WAITING_MILLIS = 1000;
const STUCK_MILLIS = 10_000;

/** When a member was heard is only said when that is longer ago. */
const QUIET_MILLIS = 2000;

function heard({lastHeardMillis}) {
  return lastHeardMillis > QUIET_MILLIS ? [`heard ${age(lastHeardMillis)} ago`] : [];
}

/** The round that others wait for, as the lanes show it; nothing while it goes as usual. */
function runningRound({members, round, rounds, seconds, ownAddress}) {
  if (!waitTone(round.waitingMillis, rounds)) {
    return null;
  }
  const arrived = [...(round.coordinatorArrived ? [ownAddress] : []),
    ...members.filter(member => member.arrived).map(member => member.address)];
  return {number: round.number, running: true, broken: false, beganMillis: seconds * 1000 - round.waitingMillis,
    durationMicros: round.waitingMillis * 1000, arrivalMicros: Object.fromEntries(arrived.map(address => [address, 0]))};
}

/**
 * How a wait for a round is judged: by what is usual there. Rounds that take a minute may, and those that take a millisecond are
 * not looked at while they go on.
 */
function waitTone(waitingMillis, rounds) {
  const usual = (rounds?.recent?.p99Micros ?? 0) / 1000;
  if (waitingMillis == null || waitingMillis < Math.max(WAITING_MILLIS, 3 * usual)) {
    return '';
  }
  return waitingMillis < Math.max(STUCK_MILLIS, 10 * usual) ? 'warn' : 'bad';
}

function memberTile() {
  const mark = element('span', {class: 'mark', 'aria-hidden': 'true'});
  const name = element('span', {class: 'name'});
  const about = element('span', {class: 'about'});
  const tile = element('li', {}, mark, name, about);
  return {
    element: tile,
    update({name: called, address, status, tone, said}) {
      tile.className = `${status} ${tone ?? ''}`.trim();
      show(mark, tone ? '!' : status === 'arrived' ? '✓' : '·');
      show(name, called ?? address);
      show(about, said.join(' · '));
      about.hidden = !said.length;
      tile.title = [nodeName({name: called, address}), ...(status ? [status] : []), ...said].join(', ');
    },
  };
}

/** Members with {name, address, status, tone, said}; tone is warn or bad for those that are awaited. */
function membersList() {
  const list = element('ul', {class: 'members', 'aria-label': 'Members', tabindex: '0'});
  const none = element('p', {class: 'empty'}, 'No member yet.');
  return {
    elements: [list, none],
    update(members) {
      list.hidden = !members?.length;
      list.classList.toggle('many', members?.length > MANY_MEMBERS);
      none.hidden = members == null || members.length > 0;
      const awaitedFirst = [...(members ?? []).filter(one => one.tone), ...(members ?? []).filter(one => !one.tone)];
      each(list, awaitedFirst, one => one.address, memberTile);
    },
  };
}

/** Those who take part in the current round of a barrier, the coordinator included. */
function participants({members, round, rounds, seconds}) {
  const tone = waitTone(round.waitingMillis, rounds);
  const begun = round.waitingMillis != null;
  const since = seconds * 1000 - round.waitingMillis;
  const coordinator = {address: 'this coordinator', arrived: round.coordinatorArrived};
  return [coordinator, ...members].map(one => {
    const missing = begun && !one.arrived;
    const awaited = missing && tone;
    return {
      ...one,
      status: one.arrived ? 'arrived' : missing ? 'missing' : '',
      tone: awaited ? tone : '',
      said: [...(awaited ? [`missing for ${age(round.waitingMillis)}, since ${clock(since)}`] : []), ...heard(one)],
    };
  });
}
