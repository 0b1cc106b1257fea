import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { functionTable } from "./function_table.ts";

// The page carries its own policy so that it holds whatever serves the files. Only styles may be
// inline: CodeMirror mounts its theme as a <style> element. Scripts never are.
const kContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function contentSecurityPolicy(): Plugin {
  return {
    name: "tarn-content-security-policy",
    apply: "build", // the development server injects an inline script of its own
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: kContentSecurityPolicy },
        injectTo: "head-prepend",
      },
    ],
  };
}

export default defineConfig({
  plugins: [react(), contentSecurityPolicy(), functionTable()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600, // kB; the editor is one piece and comes after the sign-in page
    modulePreload: { polyfill: false },
  },
  server: {
    // `TARN_URL=http://127.0.0.1:PORT npm run dev` develops against a running server.
    proxy: process.env.TARN_URL
      ? { "/api": process.env.TARN_URL, "/login": process.env.TARN_URL }
      : undefined,
  },
});
