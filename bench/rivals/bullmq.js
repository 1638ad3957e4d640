// BullMQ: a delayed job a post, one worker with as many jobs in flight as the other sides have, over kept-alive calls.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.BENCH_NODE_MODULES}/`);
const { Queue, Worker } = require("bullmq");
const { Pool } = require("undici");

const [phase, text] = process.argv.slice(2);
const job = JSON.parse(text);
const { hostname: host, port } = new URL(job.redis_url);
const connection = { host, port: Number(port), maxRetriesPerRequest: null };
const BATCH = 1000;
const BOUNDARY = "postline-bench";

async function enqueue() {
  const queue = new Queue("posts", { connection });
  await queue.obliterate({ force: true });
  for (let first = 0; first < job.posts; first += BATCH) {
    const places = Array.from({ length: Math.min(BATCH, job.posts - first) }, (_, each) => first + each);
    const delay = () => Math.max(0, Math.round(job.due_at * 1000 - Date.now()));
    const options = () => ({ delay: delay(), attempts: 3, removeOnComplete: true });
    await queue.addBulk(places.map((place) => ({ name: "publish", data: { place }, opts: options() })));
  }
  await queue.close();
}

function publisher() {
  const pool = new Pool(job.base_url, { connections: job.in_flight, pipelining: 1 });
  const field = (name, more) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n`;
  const photo = Buffer.concat([
    Buffer.from(`${field("published", "")}\r\nfalse\r\n`),
    Buffer.from(`${field("source", '; filename="media"')}Content-Type: image/jpeg\r\n\r\n`),
    readFileSync(`${job.folder}/photo.jpg`),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);

  async function call(method, path, authorization, body, type) {
    const headers = type ? { authorization, "content-type": type } : { authorization };
    const answer = await pool.request({ method, path: `/v26.0/${path}`, headers, body });
    return answer.body.json();
  }

  return async function publish(place) {
    const page = String(1_000_000 + (place % job.profiles));
    const authorization = `Bearer ${`EAAB${page}`.padEnd(190, "x")}`;
    const staged = await call("POST", `${page}/photos`, authorization, photo, `multipart/form-data; boundary=${BOUNDARY}`);
    const message = `Post ${place}: good morning from the market hall.`;
    const fields = { message, published: true, attached_media: [{ media_fbid: staged.id }] };
    const post = await call("POST", `${page}/feed`, authorization, JSON.stringify(fields), "application/json");
    await call("GET", `${post.id}?fields=permalink_url,created_time`, authorization);
  };
}

async function work() {
  const publish = publisher();
  const worker = new Worker("posts", async ({ data }) => publish(data.place), { connection, concurrency: job.in_flight });
  worker.on("error", (error) => console.error(error.message));
  await worker.waitUntilReady();
  process.on("SIGTERM", () => process.exit(0));
  console.log("ready");
}

await (phase === "enqueue" ? enqueue() : work());
