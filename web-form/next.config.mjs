/** Static export: `next build --webpack` writes `out/`, which the program embeds. */
export default {
  output: 'export',
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  images: { unoptimized: true },
  productionBrowserSourceMaps: false,
  // There are no other routers' pages to tell apart, and its filter costs every page a few kilobytes.
  experimental: { clientRouterFilter: false },
};
