package io.camure.spring.boot.autoconfigure;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** What applications see by default, of which tests otherwise print warnings only. */
final class InfoLog {

    private InfoLog() {}

    static void during(Runnable task) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.camure.spring");
        logger.setLevel(Level.INFO);
        try {
            task.run();
        } finally {
            logger.setLevel(null);
        }
    }
}
