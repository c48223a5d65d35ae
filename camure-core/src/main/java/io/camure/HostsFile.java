package io.camure;

import io.camure.transport.NetworkInterfaces;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hosts file of a machine, whose names are not asked for elsewhere. It is read anew each time, as Java does not: a name that is
 * changed there counts at once.
 *
 * @param path {@code null} for none
 * @param alone whether there is nothing else that knows names, as Java's property {@code jdk.net.hosts.file} wants it
 */
record HostsFile(@Nullable Path path, boolean alone) {

    /** None. */
    static final HostsFile NONE = new HostsFile(null, false);

    private static final Path USUAL = Path.of("/etc/hosts");
    private static final String OF_WINDOWS = "System32\\drivers\\etc\\hosts";

    /** The one by which Java itself looks up names here. */
    static HostsFile ofMachine() {
        String javas = System.getProperty("jdk.net.hosts.file");
        String windows = System.getenv("SystemRoot");
        if (javas != null) {
            return new HostsFile(Path.of(javas), true);
        }
        return new HostsFile(windows == null ? USUAL : Path.of(windows, OF_WINDOWS), false);
    }

    /** What it says of a host name now; empty when that is nothing, or the file can't be read. */
    List<InetAddress> addressesOf(String host) {
        Path file = path;
        List<InetAddress> found = new ArrayList<>();
        if (file == null) {
            return found;
        }
        try {
            // Whatever stands in comments: names and addresses are ASCII.
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                add(line, host, found);
            }
        } catch (IOException e) {
            // Then it names none.
            return List.of();
        }
        return found;
    }

    private static void add(String line, String host, List<InetAddress> found) {
        List<String> words = List.of(line.replaceFirst("#.*", "").strip().split("\\s+"));
        if (!NetworkInterfaces.isLiteral(words.get(0)) || words.stream().skip(1).noneMatch(host::equalsIgnoreCase)) {
            return;
        }
        try {
            InetAddress address = InetAddress.getByName(words.get(0));
            if (!(address instanceof Inet6Address) || !Boolean.getBoolean("java.net.preferIPv4Stack")) {
                found.add(InetAddress.getByAddress(host, address.getAddress()));
            }
        } catch (UnknownHostException e) {
            // A line that is broken names nobody.
            return;
        }
    }
}
