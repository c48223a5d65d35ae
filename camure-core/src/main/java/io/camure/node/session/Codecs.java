package io.camure.node.session;

import io.camure.CoordinatorConfig;
import io.camure.MemberConfig;
import io.camure.Security;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.security.Beside;
import io.camure.protocol.security.CoordinatorCodec;
import io.camure.protocol.security.KeyLimits;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.security.Requirements;
import io.camure.protocol.security.SealingCipher;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.JoinObstacle;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.SideWork;
import io.camure.transport.Execution;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** How a node's datagrams are sealed, if they are, and what it says of that. */
public final class Codecs {

    private static final String FULL =
            "its session has as many members as it may have. Raise its maximum-members, or end a member";

    private static final String SECURED_ONLY = "the coordinator takes secured members only. Set security"
            + " (camure.security.secrets or camure.security.ssl-bundle)";

    private Codecs() {}

    /** @param beside does what handshakes by certificates take */
    public static DatagramCodec of(
            CoordinatorConfig config, SessionSettings settings, RandomGenerator random, Beside beside) {
        return config.security()
                .<DatagramCodec>map(security -> new CoordinatorCodec(
                        requirements(security, false), beside, cipher(security), settings, KeyLimits.DEFAULT, random))
                .orElse(DatagramCodec.PLAIN);
    }

    /** @param driver of the member's session */
    static DatagramCodec of(
            MemberConfig config,
            InetSocketAddress coordinatorAddress,
            Execution execution,
            Supplier<SessionDriver> driver) {
        SideWork beside = new SideWork("camure-" + config.name() + "-handshakes", execution, driver);
        return of(config, coordinatorAddress, execution.newRandom(), beside);
    }

    /** @param beside does what handshakes by certificates take */
    public static DatagramCodec of(
            MemberConfig config, InetSocketAddress coordinatorAddress, RandomGenerator random, Beside beside) {
        return config.security()
                .<DatagramCodec>map(security -> new MemberCodec(
                        requirements(security, true), beside, coordinatorAddress, KeyLimits.DEFAULT, random))
                .orElse(DatagramCodec.PLAIN);
    }

    private static Requirements requirements(Security security, boolean atMember) {
        return new Requirements(
                secrets(security),
                security.certificates()
                        .map(certificates -> new CertificateCredentials(certificates, atMember))
                        .orElse(null));
    }

    private static List<Secret> secrets(Security security) {
        return security.secrets().stream()
                .map(secret -> new Secret(secret.getEncoded()))
                .toList();
    }

    private static SealingCipher cipher(Security security) {
        return SealingCipher.valueOf(security.cipher().name());
    }

    /** Has a sealed session let in who has any of these secrets, or certificates. To be used under the driver's lock. */
    public static void replaceSecrets(DatagramCodec ofCoordinator, Security security) {
        if (ofCoordinator instanceof CoordinatorCodec sealing) {
            sealing.replace(requirements(security, false));
        }
    }

    /** What a member has configured, with the cipher that its coordinator has told it, if it has. */
    static Security agreed(Security own, DatagramCodec codec) {
        String cipher = codec.cipher();
        return cipher == null ? own : own.cipher(Security.Cipher.valueOf(cipher));
    }

    /** Why a coordinator has not let a node in, as it has said or as the node has found; empty when that is not known. */
    static String refusal(JoinObstacle obstacle, DatagramCodec codec) {
        String failure = codec.failure();
        return switch (obstacle) {
            case NONE -> failure == null ? "" : failure;
            case SESSION_FULL -> FULL;
            case SECURED_ONLY -> SECURED_ONLY;
        };
    }

    /** What may be wrong where no coordinator answers. */
    public static String noAnswer(MemberConfig config) {
        return config.security().map(Codecs::noAnswer).orElse("");
    }

    private static String noAnswer(Security own) {
        if (own.certificates().isEmpty()) {
            return " If it is secured: this node has secret "
                    + own.fingerprints().get(0)
                    + ", and a coordinator without security or with another secret does not answer.";
        }
        String secret = own.fingerprints().isEmpty()
                ? "no secret"
                : "secret " + own.fingerprints().get(0);
        return " If it is secured: this node has certificates and " + secret
                + ", and a coordinator does not answer which has no certificates, or which is to have a secret and has another.";
    }
}
