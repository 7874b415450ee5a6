import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm start` listens; the development server hands every API request on to it. */
const server = process.env.WARDLINE_URL ?? 'http://127.0.0.1:7400';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    port: 7401,
    strictPort: true,
    // The server refuses changes that another origin asks for; this proxy is its own page in development.
    proxy: { '/api': { target: server, changeOrigin: true, headers: { origin: server } } },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // /assets is a page of the console.
    assetsDir: 'static',
    target: 'es2023',
    // A strict content security policy forbids inline script and data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
