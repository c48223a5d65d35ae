package io.camure.node.session;

import io.camure.CoordinatorConfig;
import io.camure.MemberConfig;
import io.camure.Security;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.security.CoordinatorCodec;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.security.SealingCipher;
import io.camure.protocol.security.Secret;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/** How a node's datagrams are sealed, if they are, and what it says of that. */
public final class Codecs {

    private Codecs() {}

    public static DatagramCodec of(CoordinatorConfig config, SessionSettings settings, RandomGenerator random) {
        return config.security()
                .<DatagramCodec>map(
                        security -> new CoordinatorCodec(secrets(security), cipher(security), settings, random))
                .orElse(DatagramCodec.PLAIN);
    }

    public static DatagramCodec of(MemberConfig config, InetSocketAddress coordinatorAddress, RandomGenerator random) {
        return config.security()
                .<DatagramCodec>map(
                        security -> new MemberCodec(secrets(security).get(0), coordinatorAddress, random))
                .orElse(DatagramCodec.PLAIN);
    }

    private static List<Secret> secrets(Security security) {
        return security.secrets().stream()
                .map(secret -> new Secret(secret.getEncoded()))
                .toList();
    }

    private static SealingCipher cipher(Security security) {
        return SealingCipher.valueOf(security.cipher().name());
    }

    /** Has a sealed session let in who has any of these secrets. To be used under the driver's lock. */
    public static void replaceSecrets(DatagramCodec ofCoordinator, Security security) {
        if (ofCoordinator instanceof CoordinatorCodec sealing) {
            sealing.replaceSecrets(secrets(security));
        }
    }

    /** What a member has configured, with the cipher that its coordinator has told it, if it has. */
    static Security agreed(Security own, DatagramCodec codec) {
        String cipher = codec.cipher();
        return cipher == null ? own : own.cipher(Security.Cipher.valueOf(cipher));
    }

    /** What may be wrong where no coordinator answers. */
    public static String noAnswer(MemberConfig config) {
        return config.security()
                .map(security -> " If it is secured: this node has secret "
                        + security.fingerprints().get(0)
                        + ", and a coordinator without security or with another secret does not answer.")
                .orElse("");
    }
}
