package io.camure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.CoordinatorConfig;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the datagrams of a session are, and what the log says of that. */
class ChunkSizeTest {

    /** A machine whose interfaces have this MTU. */
    private record Machine(int mtu) implements PortProvider {

        @Override
        public String name() {
            return "machine";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public int mtuBytes(NetworkInterface networkInterface) {
            return mtu;
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            throw new IOException("there is no network");
        }
    }

    private static ChunkSize choose(String address, int mtu, CoordinatorConfig.Builder config) throws IOException {
        Machine machine = new Machine(mtu);
        NetworkInterface any = NetworkInterface.networkInterfaces().findFirst().orElseThrow();
        InetSocketAddress bound = new InetSocketAddress(InetAddress.getByName(address), 7400);
        CoordinatorPlace place = new CoordinatorPlace(machine, bound, "", null, any, List.of());
        return ChunkSize.of(place, config.network(machine).build());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 1500, 1472",
        "fd00::1, 1500, 1452",
        "10.0.0.1, 1450, 1422",
        "fd00::1, 1450, 1402",
        "fd00::1, 1280, 1232",
        "0.0.0.0, 1450, 1422",
        "::, 1450, 1402",
        "10.0.0.1, 9000, 1472",
        "127.0.0.1, 65536, 1472",
        "::1, 65536, 1472",
        "10.0.0.1, 576, 548",
    })
    void isWhatTheInterfaceTakesInOnePieceUnlessTold(String address, int mtu, int bytes) throws IOException {
        ChunkSize chosen = choose(address, mtu, CoordinatorConfig.builder());

        assertThat(chosen.sizes().unprovenBytes()).isEqualTo(bytes);
        assertThat(chosen.describe()).contains("chunks of " + bytes + " bytes", " has an MTU of " + mtu);
        assertThat(chosen.warning()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 9000, 1472, 8972", "fd00::1, 9000, 1452, 8952", "10.0.0.1, 9001, 1472, 8973"})
    void isMoreWhereTheInterfaceTakesJumboFramesAndAllMembersDo(String address, int mtu, int bytes, int most)
            throws IOException {
        ChunkSize chosen = choose(address, mtu, CoordinatorConfig.builder());

        assertThat(chosen.sizes().unprovenBytes()).isEqualTo(bytes);
        assertThat(chosen.sizes().mostBytes()).isEqualTo(most);
        assertThat(chosen.describe()).contains("chunks of " + bytes + " bytes, up to " + most + " where");
    }

    @Test
    void isNeverLessThanTheProtocolAllows() throws IOException {
        ChunkSize chosen = choose("10.0.0.1", 296, CoordinatorConfig.builder());

        assertThat(chosen.sizes().unprovenBytes()).isEqualTo(508);
        assertThat(chosen.warning()).contains("an MTU of 296", "interface with a larger MTU");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 1500, 1473, 1472",
        "fd00::1, 1500, 1472, 1452",
        "10.0.0.1, 1420, 1472, 1392",
        "127.0.0.1, 16384, 65507, 16356",
    })
    void aGivenOneThatIpHasToSplitIsWarnedOfWithTheOneThatFits(String address, int mtu, int given, int fitting)
            throws IOException {
        ChunkSize chosen = choose(address, mtu, CoordinatorConfig.builder().chunkSize(given));

        assertThat(chosen.sizes().unprovenBytes()).isEqualTo(given);
        assertThat(chosen.describe()).isEqualTo("chunks of " + given + " bytes");
        assertThat(chosen.warning())
                .contains("an MTU of " + mtu, "camure.coordinator.chunk-size", "to at most " + fitting + " bytes");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 1500, 1472", "10.0.0.1, 9000, 8972", "127.0.0.1, 65536, 65507"})
    void aGivenOneThatFitsIsTakenAsItIs(String address, int mtu, int given) throws IOException {
        ChunkSize chosen = choose(address, mtu, CoordinatorConfig.builder().chunkSize(given));

        assertThat(chosen.sizes().unprovenBytes()).isEqualTo(given);
        assertThat(chosen.warning()).isNull();
    }
}
