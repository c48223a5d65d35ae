/** A line chart of the last readings, the newest at the right. */

const SVG = 'http://www.w3.org/2000/svg';
const CHART = {height: 132, left: 58, right: 6, top: 8, bottom: 18};

function svg(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  if (text != null) {
    element.textContent = text;
  }
  return element;
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

/**
 * @param points one object for each reading; a value that is null leaves a gap
 * @param series name in the points, class and whether dots or a line
 */
function draw(chart, points, series, format, logarithmic) {
  const {height, left, right, top, bottom} = CHART;
  // As wide as it is shown, so that text is not stretched.
  const width = chart.clientWidth || 560;
  chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const values = points.flatMap(point => series.map(each => point[each.name])).filter(value => value != null);
  const parts = [];
  const {ticks, share} = logarithmic ? logarithmicScale(values) : linearScale(values);
  const x = index => left + (width - left - right) * (1 - (points.length - 1 - index) / (history.size - 1));
  const y = value => top + (height - top - bottom) * (1 - share(value));
  ticks.forEach(tick => {
    parts.push(svg('line', {class: 'grid', x1: left, x2: width - right, y1: y(tick), y2: y(tick)}));
    if (values.length) {
      parts.push(svg('text', {x: left - 8, y: y(tick) + 4, 'text-anchor': 'end'}, tick ? format(tick) : '0'));
    }
  });
  const minutes = Math.round(history.size * INTERVAL_MILLIS / 60000);
  parts.push(svg('text', {x: left, y: height - 2}, `${minutes} min ago`));
  parts.push(svg('text', {x: width - right, y: height - 2, 'text-anchor': 'end'}, 'now'));
  if (!values.length) {
    parts.push(svg('text', {x: (left + width) / 2, y: height / 2, 'text-anchor': 'middle'}, 'nothing yet'));
  }
  series.forEach(each => {
    let path = '';
    points.forEach((point, index) => {
      const value = point[each.name];
      if (value == null) {
        return;
      }
      if (each.dots) {
        parts.push(svg('circle', {class: `dot ${each.style}`, cx: x(index), cy: y(value), r: 1.6}));
      } else {
        const follows = index > 0 && points[index - 1][each.name] != null;
        // A reading between two gaps is a dot: a line of no length with round ends.
        path += `${follows ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}${follows ? '' : 'h0'}`;
      }
    });
    if (path) {
      parts.push(svg('path', {class: `line ${each.style}`, d: path}));
    }
  });
  chart.replaceChildren(...parts);
}

/** A figure with a legend that says the newest values, which is also what it is called. */
function figure(title, series, format, logarithmic = false) {
  const chart = svg('svg', {role: 'img'});
  const keys = series.map(each => {
    const value = element('b');
    return {value, label: element('span', {class: `key ${each.style}`}, `${each.label} `, value)};
  });
  const whole = element('figure', {},
      element('figcaption', {}, element('span', {}, title), ...keys.map(key => key.label)), chart);
  return {
    element: whole,
    update(points) {
      series.forEach((each, index) => {
        const newest = points.findLast(point => point[each.name] != null);
        keys[index].value.textContent = newest ? format(newest[each.name]) : '–';
      });
      const said = series.map((each, index) => `${each.label} ${keys[index].value.textContent}`).join(', ');
      chart.setAttribute('aria-label', `${title}: ${said}`);
      draw(chart, points, series, format, logarithmic);
    },
  };
}
