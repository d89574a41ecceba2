// Before anything is shown, so that a dark page never begins white: console/src/app/scheme.ts keeps what was chosen.
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem('session-console-scheme');
  } catch {
    // A browser that keeps nothing goes by its system.
  }
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const scheme = kept === 'light' || kept === 'dark' ? kept : system;
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
