package io.camure.doctor.cli;

import io.camure.Certificates;
import io.camure.Security;
import io.camure.Transport;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What the node that is examined has in its configuration. */
final class NodeOptions {

    @Option(names = "--session-name", paramLabel = "NAME", description = "camure.session-name")
    @Nullable
    String sessionName;

    @Option(
            names = "--network-interface",
            paramLabel = "NAME|ADDRESS|NETWORK",
            description = "camure.coordinator.network-interface or camure.member.network-interface")
    @Nullable
    String networkInterface;

    @Option(
            names = "--transport",
            paramLabel = "auto|nio|linux",
            description = "camure.transport (default: ${DEFAULT-VALUE})",
            defaultValue = "auto")
    Transport transport = Transport.AUTO;

    @Option(
            names = "--receive-buffer",
            paramLabel = "BYTES",
            description =
                    "camure.coordinator.receive-buffer or camure.member.receive-buffer (default: ${DEFAULT-VALUE})",
            defaultValue = "1048576")
    int receiveBuffer;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = {
                "camure.security.secrets: a file with what 'openssl rand -base64 32' prints, a secret a line; - for the standard input"
                        + " (default: the environment variable CAMURE_SECRET, if it is set)"
            })
    @Nullable
    String secretFile;

    /**
     * What seals the session, if anything does.
     *
     * @param shown what this node shows, and whom it takes for the other side
     */
    Optional<Security> security(CommandSpec command, Optional<Certificates> shown) {
        Optional<Security> secret = SecretSource.read(secretFile, System.getenv(SecretSource.VARIABLE), command);
        return shown.map(certificates -> secret.map(security -> security.withCertificates(certificates))
                        .orElseGet(() -> Security.certificates(certificates)))
                .or(() -> secret);
    }
}
