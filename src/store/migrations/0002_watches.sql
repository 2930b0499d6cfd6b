-- Topics that somebody wants to hear of. Times are seconds since 1970.
CREATE TABLE watches (
    -- The interaction that set it: Discord delivering it twice sets it once.
    id BIGINT NOT NULL PRIMARY KEY,
    place BIGINT NOT NULL,
    channel BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    topic TEXT NOT NULL,
    pace TEXT NOT NULL,
    language TEXT NOT NULL,
    -- When its next message may be made.
    due BIGINT NOT NULL,
    -- The highest number of an article that it has looked at.
    looked BIGINT NOT NULL,
    UNIQUE (place, channel, topic)
);
CREATE INDEX watches_of_owner ON watches (owner);

-- What was found for a watch; `message` is empty until it is told.
CREATE TABLE findings (
    watch BIGINT NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
    article TEXT NOT NULL,
    -- The article's number, for the order.
    number BIGINT NOT NULL,
    -- The article's own words, by which near-duplicates are known.
    excerpt TEXT NOT NULL,
    -- The same with date and source, as it will be shown.
    shown TEXT NOT NULL,
    found BIGINT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (watch, article)
);

-- Messages on their way to Discord, and those of the last weeks that are there.
CREATE TABLE outbox (
    -- Made of the watch and its due time, so that a message is made once. It is also its nonce.
    id TEXT NOT NULL PRIMARY KEY,
    -- The watch that it tells of; 0 where it tells a person that one has ended.
    watch BIGINT NOT NULL,
    place BIGINT NOT NULL,
    -- The channel, or 0 and the person it goes to.
    channel BIGINT NOT NULL,
    person BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    made BIGINT NOT NULL,
    -- Whoever sends it holds it until then.
    held BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- When the first attempt began; 0 before it.
    tried BIGINT NOT NULL,
    sent BIGINT NOT NULL
);
CREATE INDEX outbox_of_channel ON outbox (channel, made);
