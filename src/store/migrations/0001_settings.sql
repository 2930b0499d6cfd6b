-- What a server has set for itself. Nothing set is NULL, or no row: then the configuration file holds.
-- Discord's ids are 64 bits without a sign; here their bits stand in a BIGINT. Days are ISO 8601.
CREATE TABLE guild_settings (
    place BIGINT NOT NULL PRIMARY KEY,
    prefix TEXT,
    language TEXT,
    excerpts BIGINT,
    excerpt_length BIGINT,
    cooldown_burst BIGINT,
    cooldown_seconds BIGINT,
    published_from TEXT,
    published_until TEXT
);

-- The channels where the bot answers; none are all.
CREATE TABLE guild_channels (
    place BIGINT NOT NULL REFERENCES guild_settings (place) ON DELETE CASCADE,
    channel BIGINT NOT NULL,
    PRIMARY KEY (place, channel)
);

-- The outlets that are answered from; none are all.
CREATE TABLE guild_outlets (
    place BIGINT NOT NULL REFERENCES guild_settings (place) ON DELETE CASCADE,
    outlet TEXT NOT NULL,
    PRIMARY KEY (place, outlet)
);
