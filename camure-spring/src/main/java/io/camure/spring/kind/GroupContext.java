package io.camure.spring.kind;

import io.camure.GroupConfig;

/** What an adapter knows of its group; {@code toString()} is what logs and errors call that. Thread-safe. */
public interface GroupContext {

    /** As in {@code camure.groups}. */
    String name();

    GroupConfig config();

    SessionContext session();
}
