// Questions of the page of all runs: `address()` says what is asked, or null for nothing.
const question = (address, take, fail) => oneAtATime(async isOld => {
  const path = address();
  if (path === null) return;
  try {
    const answer = await ask(path);
    if (!isOld()) take(answer);
  } catch (error) {
    // Without a connection the events say so, and everything is asked again when it is back.
    if (!(error instanceof NoAnswer)) throw error;
    if (error.status && !isOld()) fail(error.message);
  }
});
