-- How often an answer helped, by the kind of question. No text, no person.
CREATE TABLE feedback (
    place BIGINT NOT NULL,
    kind TEXT NOT NULL,
    helped BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (place, kind, helped)
);
