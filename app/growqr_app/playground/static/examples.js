// What there is to click: to begin with, and in each state.

export const FIRST = [
  ["Plan first", "I have an interview for a product manager job at Spotify next week and I'm a bit nervous. Can I see the questions first?"],
  ["All at once", "30 minute technical mock for a senior data engineer, make it tough"],
  ["Somewhere else", "can you tailor my resume for a nursing job?"],
  ["Hard to tell", "could you run something for the role"],
];

const NEXT = {
  none: ["mock interview for a nurse, plan first", "just start a warm up for a barista", "what can you do?"],
  draft: ["make it harder, and 20 minutes please", "drop question 4", "looks good, approve it"],
  edited: ["looks good, approve it", "who is my interviewer?", "cancel it"],
  approved: ["I'm ready, let's go", "make it 5 minutes", "cancel it"],
  live: ["How did I do?", "where do I stand?"],
  reviewed: ["How did I do?", "show me the leaderboard", "same setup again"],
};

/** Messages that make sense now: after a failure, first of all to try again. */
export function nextFor(state, failed) {
  const usual = NEXT[state] ?? [];
  return failed ? ["try again", ...usual.slice(0, 2)] : usual;
}
