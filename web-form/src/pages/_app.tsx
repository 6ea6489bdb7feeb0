import '@/styles/app.css';
import type { AppProps } from 'next/app';
import Head from 'next/head';
import { SiteProvider } from '@/lib/i18n';

export default function App({ Component, pageProps }: AppProps) {
  return (
    <SiteProvider>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
      </Head>
      <Component {...pageProps} />
    </SiteProvider>
  );
}
