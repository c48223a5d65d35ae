package io.camure.node.group;

import io.camure.CamureException;
import io.camure.Node;
import io.camure.runtime.EventDispatcher;
import io.camure.runtime.SessionDriver;
import org.jspecify.annotations.Nullable;

/** What a group needs of the node that it belongs to. */
public interface NodeContext {

    /** The name of the node in threads, logs and errors. */
    String name();

    /** What others know it as. */
    Node node();

    /** In which term the coordinator of the session was elected; 0 when nobody has elected it. */
    long term();

    SessionDriver driver();

    /** Runs listeners, in order. */
    EventDispatcher dispatcher();

    FutureExecutor futureExecutor();

    boolean isOpen();

    /** Why nothing can happen in the session any more, or {@code null}. */
    @Nullable
    CamureException end();
}
