// A tus client that nobody here wrote: tus-js-client. `node tus_client.mjs MODULES COMMAND`, COMMAND as JSON (see
// tus_client.py); says on one line of JSON what it asked and how it ended.
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";
const [modules, command] = process.argv.slice(2);
const { Upload, FileUrlStorage } = createRequire(`${modules}/x.js`)("tus-js-client");
const wanted = JSON.parse(command);
const asked = [];

function checksum(request) {
  const start = Number(request.getHeader("Upload-Offset"));
  const sent = readFileSync(wanted.path).subarray(start, start + wanted.chunk);
  return createHash(wanted.checksum).update(wanted.spoiled ? "another" : sent).digest("base64");
}

function end(how) {
  // It ends by itself then: what is noted of uploads may still be on its way to the disk.
  process.stdout.write(`${JSON.stringify({ how, url: upload.url, asked })}\n`);
}

const upload = new Upload(createReadStream(wanted.path), {
  endpoint: wanted.endpoint,
  headers: { Authorization: `Bearer ${wanted.token}` },
  metadata: wanted.metadata,
  chunkSize: wanted.chunk,
  uploadDataDuringCreation: wanted.with_creation,
  urlStorage: new FileUrlStorage(wanted.urls),
  removeFingerprintOnSuccess: true,
  retryDelays: null,
  onBeforeRequest(request) {
    if (wanted.checksum && request.getMethod() === "PATCH") {
      request.setHeader("Upload-Checksum", `${wanted.checksum} ${checksum(request)}`);
    }
  },
  onAfterResponse(request, response) {
    asked.push([request.getMethod(), response.getStatus(), Number(response.getHeader("Upload-Offset") ?? -1)]);
  },
  onChunkComplete(_size, reached) {
    if (wanted.until && reached >= wanted.until) {
      upload.abort(wanted.terminate).then(() => end(wanted.terminate ? "terminated" : "paused"));
    }
  },
  onError: (error) => end(`error ${error.originalResponse?.getStatus() ?? error.message}`),
  onSuccess: () => end("whole"),
});
const [before] = await upload.findPreviousUploads();
if (before) upload.resumeFromPreviousUpload(before);
upload.start();
