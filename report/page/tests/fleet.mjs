// A fleet as large as wanted, the same each time: one record a line.

/** Some numbers below 1, the same each time. */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One of some things, each as often as its weight says. */
function pick(random, weighted) {
  let left = random() * weighted.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, thing] of weighted) {
    left -= weight;
    if (left < 0) return thing;
  }
  return weighted.at(-1)[1];
}

const PLATFORMS = [[5, "android"], [4, "ios"], [1, "windows"]];
const IDS = { android: "com.zhiliaoapp.musically", ios: "com.zhiliaoapp.musically", windows: "BytedancePte.Ltd.TikTok" };
const SHARES = [[5, "none"], [3, "full"], [1, "partial"], [3, undefined]];

/** The record of the device with this number. */
export function record(number, random) {
  const platform = pick(random, PLATFORMS);
  const hex = (length) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
  const id = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  const ownership = pick(random, [[5, "organization"], [4, "personal"], [1, undefined]]);
  const share = () => (ownership === "organization" ? undefined : pick(random, SHARES));
  const funding = { purchase: share(), subscription: share(), usage: share() };
  const seen = pick(random, [[12, "complete"], [3, "narrow"], [1, "nothing"], [2, "present"]]);
  const app = { id: IDS[platform], first_installed: pick(random, [[5, "2022-06-01T12:00:00Z"], [1, "2023-03-29T09:00:00Z"]]) };
  const others = [{ id: "org.example.mail", name: "Private Mail" }, { id: "org.example.maps" }];
  const observations = {
    complete: [{ source: "mdm", complete: true, apps: others }],
    narrow: [{ source: "mdm", scope: "profile", apps: others }],
    nothing: [],
    present: [{ source: "mdm", apps: [...others, app] }],
  }[seen];
  const impediments = seen === "present" && random() < 0.1 ? { tiktok: { reason: "managed by the manufacturer" } } : undefined;
  return { device: { id, platform, ownership, funding }, observations, impediments };
}

/** All of them, and now and then a line that cannot be read. */
export function* fleet(size, seed = 1) {
  const random = numbers(seed);
  for (let number = 1; number <= size; number++) yield `${JSON.stringify(record(number, random))}\n`;
}
