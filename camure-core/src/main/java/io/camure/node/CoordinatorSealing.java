package io.camure.node;

import io.camure.CoordinatorConfig;
import io.camure.Security;
import io.camure.node.session.Codecs;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.group.SessionSettings;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.SideWork;
import io.camure.transport.Execution;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By what a coordinator seals its session, and which secrets it takes now. */
final class CoordinatorSealing {

    private static final Logger log = LoggerFactory.getLogger(CoordinatorSealing.class);

    private final String name;
    private final DatagramCodec codec;
    private volatile Optional<Security> security;

    /** @param driver of the session */
    CoordinatorSealing(
            CoordinatorConfig config, SessionSettings settings, Execution execution, Supplier<SessionDriver> driver) {
        name = config.name();
        security = config.security();
        SideWork beside = new SideWork("camure-" + name + "-handshakes", execution, driver);
        codec = Codecs.of(config, settings, execution.newRandom(), beside);
    }

    DatagramCodec codec() {
        return codec;
    }

    Optional<Security> security() {
        return security;
    }

    /** See {@link io.camure.Coordinator#changeSecrets}. */
    synchronized void change(Security to, SessionDriver driver) {
        Security.Cipher cipher = security.orElseThrow(() -> new IllegalStateException(
                        name + ": the session is in clear, which can't be changed while it runs"))
                .cipher();
        if (Checks.given("security", to).cipher() != cipher) {
            throw new IllegalArgumentException(name + ": the session is sealed by " + cipher.label()
                    + ", which can't be changed while it runs, to "
                    + to.cipher().label());
        }
        if (to.certificates().isPresent()
                != security.flatMap(Security::certificates).isPresent()) {
            throw new IllegalArgumentException(
                    name + ": whether nodes have to show certificates can't be changed while the" + " session runs");
        }
        driver.execute(nowNanos -> {
            Codecs.replaceSecrets(codec, to);
            return null;
        });
        security = Optional.of(to);
        log.info("{}: nodes are let in from now on by {}", name, to);
    }
}
