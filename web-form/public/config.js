// The settings of this installation. The program serves its own version of this file (see docs/pages.md); this one is
// for pages that are hosted elsewhere. All are optional: apiBase, company, logo, accent, reopenDays.
window.__FTE__ = {};
