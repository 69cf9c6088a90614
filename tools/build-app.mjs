import { bundleApp } from './build/bundle-app.mjs';

const appDirectory = process.argv[2];
if (!appDirectory) {
  console.error('usage: node tools/build-app.mjs apps/NAME');
  process.exit(2);
}
await bundleApp(appDirectory);
console.log(`built ${appDirectory}/dist-app/main.js`);
