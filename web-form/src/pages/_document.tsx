import { Head, Html, Main, NextScript } from 'next/document';

/** `config.js` and `boot.js` run before the page is painted, so they are neither deferred nor inline. */
export default function Document() {
  return (
    <Html lang="en" data-theme="light">
      <Head>
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <script src="/config.js" />
        <script src="/boot.js" />
      </Head>
      <body>
        <Main />
        <NextScript />
      </body>
    </Html>
  );
}
