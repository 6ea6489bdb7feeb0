/** Static export: `next build --webpack` writes `out/`, which the program embeds. */
export default {
  output: 'export',
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  images: { unoptimized: true },
  productionBrowserSourceMaps: false,
};
