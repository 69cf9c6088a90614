/** Loaded before each process of the suite: one whose Jest was killed must not go on for ever. */
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
