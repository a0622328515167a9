// A tus server that nobody here wrote: @tus/server over @tus/file-store. `node tus_server.mjs MODULES FOLDER`; says its port.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const [modules, folder] = process.argv.slice(2);
const require = createRequire(`${modules}/x.js`);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { Server } = await load("@tus/server");
const { FileStore } = await load("@tus/file-store");
const server = new Server({ path: "/v1/media", datastore: new FileStore({ directory: folder }) });
const listening = server.listen({ host: "127.0.0.1", port: 0 }, () => {
  process.stdout.write(`listening: ${listening.address().port}\n`);
});
