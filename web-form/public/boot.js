// Runs before the page is painted: theme, accent colour, and the language, so that nothing changes before the reader's
// eyes. It is a file because the content security policy allows no inline script.
(function () {
  'use strict';
  var root = document.documentElement;
  var config = window.__FTE__ || {};
  var query = new URLSearchParams(location.search);

  function stored(key) {
    try {
      return JSON.parse(localStorage.getItem('fte.' + key));
    } catch (error) {
      return null;
    }
  }

  var dark = matchMedia('(prefers-color-scheme: dark)');
  function theme() {
    var asked = query.get('theme') || stored('theme');
    var isDark = asked === 'dark' || (asked !== 'light' && dark.matches);
    root.setAttribute('data-theme', isDark ? 'dark' : 'light');
  }
  theme();
  dark.addEventListener('change', theme);
  addEventListener('fte:theme', theme);

  if (config.accent && window.CSS && CSS.supports('color', config.accent)) {
    root.style.setProperty('--brand', config.accent);
  }

  if (query.get('embed') === '1') root.setAttribute('data-embed', '');

  var tags = [query.get('lang'), stored('language')].concat(navigator.languages || []);
  var known = ['en', 'de'];
  for (var n = 0; n < tags.length; n += 1) {
    var code = String(tags[n] || '').toLowerCase().split('-')[0];
    if (known.indexOf(code) < 0) continue;
    if (code !== 'en') {
      root.lang = code;
      root.setAttribute('data-wait', '');
      // Without scripts of the page, English is better than nothing.
      setTimeout(function () {
        root.removeAttribute('data-wait');
      }, 3000);
    }
    break;
  }
})();
