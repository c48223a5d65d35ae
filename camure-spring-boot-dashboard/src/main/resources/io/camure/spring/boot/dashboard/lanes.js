/** Who is always last at a barrier: how often, how long the others waited for it, and when it arrived at the last rounds. */

const LANE = {height: 22, gap: 5, narrowest: 9};
const SHOWN_NODES = 12;

/** Where rounds are: each as wide as it took, but none so narrow that it can't be seen. */
function roundColumns(rounds, width) {
  const ended = rounds.reduce((sum, round) => sum + (round.running ? 0 : round.durationMicros), 0);
  // The one that goes on would leave no room for the others.
  const lengthOf = round => round.running ? ended / 4 || 1 : round.durationMicros;
  const total = rounds.reduce((sum, round) => sum + lengthOf(round), 0) || 1;
  const spread = Math.max(0, width - rounds.length * (LANE.narrowest + LANE.gap));
  let left = 0;
  return rounds.map(round => {
    const start = left;
    const wide = LANE.narrowest + spread * lengthOf(round) / total;
    left += wide + LANE.gap;
    return {left: start, right: start + wide, x: micros => start + wide * Math.min(1, micros / (round.durationMicros || 1))};
  });
}

/** The last to arrive at a round, and how long the others had waited for it alone. */
function lastOf(round) {
  const arrivals = Object.entries(round.arrivalMicros).sort((one, other) => one[1] - other[1]);
  const last = arrivals.at(-1);
  return round.broken || round.running || arrivals.length < 2 ? null
      : {address: last[0], from: arrivals.at(-2)[1], to: last[1], wait: last[1] - arrivals.at(-2)[1]};
}

function drawLane(lane, address, rounds, columns, chosen) {
  const middle = LANE.height / 2;
  const parts = [];
  rounds.forEach((round, index) => {
    const column = columns[index];
    if (index === chosen) {
      parts.push(svg('rect', {class: 'chosen', x: column.left - 2, y: 0, width: column.right - column.left + 4, height: LANE.height}));
    }
    parts.push(svg('line', {class: 'grid', x1: column.right, x2: column.right, y1: 0, y2: LANE.height}));
    const arrived = round.arrivalMicros[address];
    if (arrived == null) {
      if (round.running) {
        parts.push(svg('rect', {class: 'missing-lane', x: column.left, y: middle - 5, rx: 2, width: column.right - column.left, height: 10}));
      } else if (round.broken) {
        parts.push(svg('path', {class: 'absent', d: `M${column.right - 6} ${middle - 3}l6 6m0 -6l-6 6`}));
      }
      return;
    }
    const x = column.x(arrived);
    const last = lastOf(round);
    const isLast = last?.address === address;
    parts.push(svg('line', {class: 'waits', x1: x, x2: column.right, y1: middle, y2: middle}));
    if (isLast) {
      parts.push(svg('rect', {class: 'holds', x: column.x(last.from), y: middle - 5, rx: 2,
        width: Math.max(3, x - column.x(last.from)), height: 10}));
    } else {
      parts.push(svg('circle', {class: 'arrival', cx: x, cy: middle, r: 2.6}));
    }
  });
  lane.replaceChildren(...parts);
}

function lastRow() {
  const name = element('th', {scope: 'row'});
  const fill = element('span', {class: 'fill'});
  const share = element('span', {class: 'value'});
  const wait = element('td', {class: 'number'});
  const roundTrip = element('td', {class: 'number'});
  const lane = svg('svg', {class: 'lane', height: LANE.height, 'aria-hidden': 'true'});
  const row = element('tr', {}, name,
      element('td', {class: 'share'}, element('span', {class: 'track', 'aria-hidden': 'true'}, fill), share),
      wait, roundTrip, element('td', {class: 'lanes'}, lane));
  return {
    element: row,
    update({node, total, rounds, columns, width, chosen, own}) {
      const part = total ? node.timesLast / total : 0;
      show(name, own ? 'this coordinator' : node.name ?? node.address);
      name.title = `${nodeName(node)}${node.present ? '' : ', gone'}`;
      row.classList.toggle('gone', !node.present);
      fill.style.width = `${part * 100}%`;
      show(share, total ? `${Math.round(part * 100)} %` : '–');
      show(wait, node.timesLast ? duration(node.waitMicros) : '–');
      show(roundTrip, node.roundTripMicros == null ? '–' : duration(node.roundTripMicros));
      lane.setAttribute('viewBox', `0 0 ${width} ${LANE.height}`);
      drawLane(lane, node.address, rounds, columns, chosen);
    },
  };
}

function whoIsLast() {
  const rows = element('tbody');
  const readout = element('p', {class: 'readout muted'});
  const all = element('button', {type: 'button', class: 'quiet', 'aria-expanded': 'false'});
  const lanesHead = element('th', {scope: 'col', class: 'lanes'}, 'The last rounds');
  const table = element('table', {class: 'last'},
      element('caption', {}, 'Who is always last'),
      element('thead', {}, element('tr', {}, element('th', {scope: 'col'}, 'Node'), element('th', {scope: 'col'}, 'Last to arrive'),
          element('th', {scope: 'col', class: 'number'}, term('wait caused', 'Wait caused')),
          element('th', {scope: 'col', class: 'number'}, term('round trip', 'Round trip')), lanesHead)), rows);
  const whole = element('section', {class: 'who', 'aria-label': 'Who is always last'}, table, readout, all);
  let shown = {nodes: [], known: [], rounds: [], columns: []};
  let chosen = null;
  let everybody = false;

  const laneLeft = () => rows.querySelector('.lane')?.getBoundingClientRect().left ?? 0;

  function draw() {
    const width = Math.max(120, rows.querySelector('.lane')?.clientWidth || lanesHead.clientWidth);
    shown.width = width;
    const fit = Math.max(4, Math.floor(width / 26));
    shown.rounds = shown.known.slice(-fit);
    shown.columns = roundColumns(shown.rounds, width);
    const total = shown.nodes.reduce((sum, node) => sum + node.timesLast, 0);
    const visible = everybody ? shown.nodes : shown.nodes.slice(0, SHOWN_NODES);
    each(rows, visible.map(node => ({...shown, node, total, chosen, own: node.address === shown.ownAddress})),
        row => row.node.address, lastRow);
    all.hidden = shown.nodes.length <= SHOWN_NODES;
    show(all, everybody ? 'Show fewer' : `Show all ${shown.nodes.length}`);
    all.setAttribute('aria-expanded', String(everybody));
  }

  function said(round) {
    if (round.running) {
      return `Round ${round.number} goes on since ${clock(round.beganMillis)}`;
    }
    const last = lastOf(round);
    const calledBy = address => address === shown.ownAddress ? 'this coordinator'
        : shown.nodes.find(node => node.address === address)?.name ?? address;
    return `Round ${round.number} at ${clock(round.beganMillis)} took ${duration(round.durationMicros)}`
        + (round.broken ? ' and was broken' : last ? `; last was ${calledBy(last.address)}, ${duration(last.wait)} after the one before` : '');
  }

  const choice = chooser(readout, 'The last rounds: who arrived when', {
    area: table,
    count: () => shown.rounds.length,
    valueAt: clientX => {
      const x = clientX - laneLeft();
      const found = shown.columns.findIndex(column => x <= column.right + LANE.gap);
      return x < 0 || found < 0 ? null : found;
    },
    show(index) {
      chosen = index;
      draw();
      // There may be fewer now than when it was chosen.
      const round = shown.rounds[Math.min(index ?? Infinity, shown.rounds.length - 1)];
      const text = round ? said(round) : '';
      show(readout, index == null ? 'A dot is an arrival, the line after it the wait; a bar is what all waited for.' : text);
      return text;
    },
  });
  onResize(table, draw);
  all.addEventListener('click', () => {
    everybody = !everybody;
    draw();
  });
  return {
    element: whole,
    /**
     * @param past of the group, or nothing
     * @param running the round that others have waited for too long, as those that have ended, or nothing
     */
    update(past, ownAddress, running) {
      whole.hidden = !past?.nodes?.some(node => node.timesLast > 0);
      // Who is awaited now comes before those who were before.
      const isMissing = node => Boolean(running && node.present && running.arrivalMicros[node.address] == null);
      const nodes = [...(past?.nodes ?? [])].sort((one, other) => isMissing(other) - isMissing(one));
      shown = {...shown, nodes, known: [...(past?.recent ?? []), ...(running ? [running] : [])], ownAddress};
      if (!whole.hidden) {
        choice.refresh();
      }
    },
  };
}
