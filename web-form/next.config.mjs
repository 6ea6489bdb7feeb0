import { fileURLToPath } from 'node:url';

/** Static export: `next build --webpack` writes `out/`, which the program embeds. */
export default {
  output: 'export',
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  images: { unoptimized: true },
  productionBrowserSourceMaps: false,
  // There are no pages of the App Router, and the filter that finds them costs every page a few kilobytes.
  experimental: { clientRouterFilter: false },
  webpack: (config) => {
    config.resolve.alias['react-style-singleton'] = fileURLToPath(new URL('src/lib/styleSingleton.ts', import.meta.url));
    return config;
  },
};
