/** Line charts of the last 15 minutes, as the application has recorded them: the newest is at the right. */

const SVG = 'http://www.w3.org/2000/svg';
const CHART = {height: 132, left: 58, right: 8, top: 8, bottom: 18};
const SPAN_MILLIS = 15 * 60_000;

function svg(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  if (text != null) {
    made.textContent = text;
  }
  return made;
}

/** From zero on, with ticks at 1, 2 or 5 and zeros. */
function linearScale(values) {
  const maximum = Math.max(...values, 0) || 1;
  const power = 10 ** Math.floor(Math.log10(maximum / 3));
  const unit = [1, 2, 5, 10].map(factor => factor * power).find(each => each >= maximum / 3 * 0.999);
  const end = Math.ceil(maximum / unit) * unit;
  const ticks = Array.from({length: Math.round(end / unit) + 1}, (_, index) => index * unit);
  return {ticks, share: value => value / end};
}

/** With a tick at each power of ten, for what may differ by orders of magnitude. */
function logarithmicScale(values) {
  const exponents = values.map(value => Math.log10(Math.max(value, 1)));
  const first = values.length ? Math.floor(Math.min(...exponents)) : 1;
  const last = Math.max(values.length ? Math.ceil(Math.max(...exponents)) : 3, first + 1);
  const ticks = Array.from({length: last - first + 1}, (_, index) => 10 ** (first + index));
  return {ticks, share: value => (Math.log10(Math.max(value, 1)) - first) / (last - first)};
}

/** The grid: what the values and the times are. */
function axes({ticks}, y, width, format, hasValues) {
  const {height, left, right} = CHART;
  const parts = [];
  ticks.forEach(tick => {
    parts.push(svg('line', {class: 'grid', x1: left, x2: width - right, y1: y(tick), y2: y(tick)}));
    if (hasValues) {
      parts.push(svg('text', {x: left - 8, y: y(tick) + 4, 'text-anchor': 'end'}, tick ? format(tick) : '0'));
    }
  });
  [[0, '15 min ago', 'start'], [1 / 3, '10', 'middle'], [2 / 3, '5', 'middle'], [1, 'now', 'end']].forEach(([share, text, anchor]) =>
    parts.push(svg('text', {x: left + (width - left - right) * share, y: height - 2, 'text-anchor': anchor}, text)));
  if (!hasValues) {
    parts.push(svg('text', {x: (left + width) / 2, y: height / 2, 'text-anchor': 'middle'}, 'nothing yet'));
  }
  return parts;
}

/** A line; where a value is missing it has a gap. */
function line(times, values, style, x, y) {
  let path = '';
  values.forEach((value, index) => {
    if (value != null) {
      const follows = index > 0 && values[index - 1] != null;
      // A point between two gaps is a dot: a line of no length with round ends.
      path += `${follows ? 'L' : 'M'}${x(times[index]).toFixed(1)} ${y(value).toFixed(1)}${follows ? '' : 'h0'}`;
    }
  });
  return path ? [svg('path', {class: `line ${style}`, d: path})] : [];
}

/** When another node has begun to coordinate, and what it is called. */
function changeMarks(changes, end, x) {
  const {height, top, bottom, left} = CHART;
  return changes.filter(change => change.time > end - SPAN_MILLIS && change.time <= end).flatMap(({time, name}) => {
    const at = x(time);
    const fits = at - left > 90;
    return [
      svg('line', {class: 'change', x1: at, x2: at, y1: top, y2: height - bottom}),
      svg('text', {class: 'change', x: at + (fits ? -4 : 4), y: top + 10, 'text-anchor': fits ? 'end' : 'start'}, `${name} coordinates`),
    ];
  });
}

/**
 * A figure with a legend that says the newest values, or those that are pointed at or chosen by the arrow keys.
 *
 * @param series name of the values, label and style of each line
 */
function figure(title, series, format, logarithmic = false) {
  const chart = svg('svg', {'aria-hidden': 'true'});
  const keys = series.map(one => {
    const value = element('b');
    return {value, label: element('span', {class: `key ${one.style}`}, `${one.label} `, value)};
  });
  const when = element('span', {class: 'when'});
  const host = element('div', {class: 'chart'}, chart);
  const whole = element('figure', {},
      element('figcaption', {}, element('span', {}, title), ...keys.map(key => key.label), when), host);
  let shown = {times: [], series: {}};
  let cursor = null;
  const width = () => chart.clientWidth || 560;
  const end = () => shown.times.at(-1) ?? 0;
  const x = time => CHART.left + (width() - CHART.left - CHART.right) * (1 - (end() - time) / SPAN_MILLIS);
  const valueOf = (one, index) => shown.series[one.name]?.[index] ?? null;

  function draw() {
    const {height, top, bottom} = CHART;
    chart.setAttribute('viewBox', `0 0 ${width()} ${height}`);
    const values = series.flatMap(one => shown.series[one.name] ?? []).filter(value => value != null);
    const scale = logarithmic ? logarithmicScale(values) : linearScale(values);
    const y = value => top + (height - top - bottom) * (1 - scale.share(value));
    const parts = axes(scale, y, width(), format, values.length > 0);
    series.forEach(one => parts.push(...line(shown.times, shown.series[one.name] ?? [], one.style, x, y)));
    parts.push(...changeMarks(shown.changes ?? [], end(), x));
    if (cursor != null) {
      const at = x(shown.times[cursor]);
      parts.push(svg('line', {class: 'cursor', x1: at, x2: at, y1: top, y2: height - bottom}));
      series.filter(one => valueOf(one, cursor) != null).forEach(one =>
        parts.push(svg('circle', {class: `dot ${one.style}`, cx: at, cy: y(valueOf(one, cursor)), r: 3.5})));
    }
    chart.replaceChildren(...parts);
  }

  const choice = chooser(host, title, {
    count: () => shown.times.length,
    valueAt: clientX => {
      const left = clientX - chart.getBoundingClientRect().left;
      const distances = shown.times.map(time => Math.abs(x(time) - left));
      return distances.indexOf(Math.min(...distances));
    },
    show(index) {
      cursor = index;
      series.forEach((one, number) => {
        const newest = (shown.series[one.name] ?? []).findLast(value => value != null);
        const value = index == null ? newest : valueOf(one, index);
        show(keys[number].value, value == null ? '–' : format(value));
      });
      show(when, index == null ? '' : `at ${clock(shown.times[index])}`);
      draw();
      const period = index > 0 ? shown.times[index] - shown.times[index - 1] : 0;
      const changed = index == null ? [] : (shown.changes ?? []).filter(({time}) =>
        time > shown.times[index] - period && time <= shown.times[index]).map(({name}) => `${name} begins to coordinate`);
      const said = [...series.map((one, number) => `${one.label} ${keys[number].value.textContent}`), ...changed].join(', ');
      return `${index == null ? 'now' : clock(shown.times[index])}: ${said}`;
    },
  });
  onResize(host, draw);
  return {
    element: whole,
    /** @param past {times, series, changes: of the coordinator, as {time, name}}, or nothing while nothing is known */
    update(past) {
      shown = past ?? {times: [], series: {}};
      if (cursor != null && cursor >= shown.times.length) {
        cursor = null;
      }
      choice.refresh();
    },
  };
}
