-- +goose Up

-- The last agentid given in a corp: one is never given twice, for links and open pages name
-- an app by it. Owner: package apps.
CREATE TABLE last_agents (
    corp_id BIGINT PRIMARY KEY REFERENCES corps (id),
    agentid BIGINT NOT NULL
);
