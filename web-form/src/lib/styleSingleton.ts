import { useEffect } from 'react';

/**
 * Takes the place of react-style-singleton, with which Radix's dialogs stop the page behind them from scrolling. That one
 * adds a `<style>` element, which the content security policy refuses; a constructed style sheet needs no permission.
 */
export function styleSingleton() {
  return function Sheet({ styles }: { styles: string }) {
    useEffect(() => {
      // Without it (Safari before 16.4) the page scrolls behind the dialog, and everything else works.
      if (!('adoptedStyleSheets' in document)) return;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      return () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
      };
    }, [styles]);
    return null;
  };
}
