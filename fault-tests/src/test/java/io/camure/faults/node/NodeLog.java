package io.camure.faults.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What camure has said in the log of a node's process. */
final class NodeLog extends AppenderBase<ILoggingEvent> {

    private final List<String> lines = new ArrayList<>();

    /** Begins to listen. */
    static NodeLog begin() {
        NodeLog log = new NodeLog();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("io.camure");
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        return log;
    }

    @Override
    protected synchronized void append(ILoggingEvent event) {
        lines.add(event.getLevel() + " " + event.getFormattedMessage());
    }

    synchronized ArrayList<String> lines() {
        return new ArrayList<>(lines);
    }
}
