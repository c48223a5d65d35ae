package io.camure;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.transport.NetworkInterfaces;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks the hosts file of this machine and, for names that are not in it, its DNS servers, past what Java keeps of their answers: the
 * servers by the DNS provider of JNDI. Where that is not there, as in a runtime without the module {@code jdk.naming.dns} or a native
 * image, or the servers don't answer, they know nothing.
 *
 * @param hosts comes first, as whenever the machine looks up a name
 * @param url of the servers, as the provider has it
 * @param search the domains that are appended to a name, as {@code search} in {@code resolv.conf}
 * @param dots a name with so many is first looked up as it is, as {@code ndots} there
 */
record NameServers(HostsFile hosts, String url, List<String> search, int dots) {

    /** All questions about one name together take little longer than that. */
    private static final long BUDGET_NANOS = MILLISECONDS.toNanos(500);

    private static final String NAME = "[A-Za-z0-9._-]{1,253}";
    private static final String ANSWER_MILLIS = "200";
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    /** Those of this machine, which the provider finds by itself. */
    static NameServers ofMachine() {
        HostsFile hosts = HostsFile.ofMachine();
        try {
            return of(hosts, "dns:", Files.readAllLines(RESOLV_CONF));
        } catch (IOException | RuntimeException e) {
            // There is none on other systems, where a name is looked up as it is.
            return new NameServers(hosts, "dns:", List.of(), 1);
        }
    }

    /** @param lines of {@code resolv.conf} */
    static NameServers of(HostsFile hosts, String url, List<String> lines) {
        List<String> search = List.of();
        int dots = 1;
        for (String line : lines) {
            List<String> words = List.of(line.strip().split("\\s+"));
            if (words.get(0).equals("search") || words.get(0).equals("domain")) {
                search = words.subList(1, words.size());
            } else if (words.get(0).equals("options")) {
                dots = words.stream()
                        .filter(word -> word.matches("ndots:\\d{1,2}"))
                        .map(word -> Integer.parseInt(word.substring("ndots:".length())))
                        .findFirst()
                        .orElse(dots);
            }
        }
        return new NameServers(hosts, url, search, dots);
    }

    /**
     * What the hosts file says of a host name now, or else the servers; empty when that is nothing. Blocks for about half a second at
     * most if they don't answer.
     */
    List<InetAddress> addressesOf(String host) {
        // With a colon it could be a URL to JNDI, of another provider.
        if (!host.matches(NAME) || NetworkInterfaces.isLiteral(host) || host.equalsIgnoreCase("localhost")) {
            return List.of();
        }
        List<InetAddress> here = hosts.addressesOf(host);
        if (!here.isEmpty() || hosts.alone()) {
            return here;
        }
        try {
            return lookUp(host);
        } catch (NamingException | IOException | RuntimeException | LinkageError e) {
            // Java's own way has been tried as well, and says what is wrong.
            return List.of();
        }
    }

    private List<InetAddress> lookUp(String host) throws NamingException, IOException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, url);
        environment.put("com.sun.jndi.dns.timeout.initial", ANSWER_MILLIS);
        environment.put("com.sun.jndi.dns.timeout.retries", "1");
        long endNanos = System.nanoTime() + BUDGET_NANOS;
        DirContext servers = new InitialDirContext(environment);
        try {
            for (String name : namesOf(host)) {
                List<InetAddress> found = new ArrayList<>();
                for (String type : types()) {
                    if (System.nanoTime() - endNanos < 0) {
                        found.addAll(ask(servers, name, type, host));
                    }
                }
                if (!found.isEmpty()) {
                    return found;
                }
            }
            return List.of();
        } finally {
            servers.close();
        }
    }

    private static List<String> types() {
        return Boolean.getBoolean("java.net.preferIPv4Stack") ? List.of("A") : List.of("A", "AAAA");
    }

    /** The absolute names that it may stand for, in the order in which they are asked for. */
    private Set<String> namesOf(String host) {
        if (host.endsWith(".")) {
            return Set.of(host);
        }
        Set<String> names = new LinkedHashSet<>();
        boolean first = host.chars().filter(character -> character == '.').count() >= dots;
        if (first) {
            names.add(host + ".");
        }
        search.forEach(domain -> names.add(host + "." + domain + (domain.endsWith(".") ? "" : ".")));
        names.add(host + ".");
        return names;
    }

    private static List<InetAddress> ask(DirContext servers, String name, String type, String host)
            throws NamingException, IOException {
        List<InetAddress> found = new ArrayList<>();
        Attribute records = recordsOf(servers, name, type);
        if (records == null) {
            return found;
        }
        NamingEnumeration<?> values = records.getAll();
        while (values.hasMore()) {
            String address = String.valueOf(values.next());
            if (NetworkInterfaces.isLiteral(address)) {
                found.add(InetAddress.getByAddress(
                        host, InetAddress.getByName(address).getAddress()));
            }
        }
        return found;
    }

    /** The provider is given, and makes text of what servers say, nothing else. */
    @SuppressWarnings("BanJNDI")
    private static @Nullable Attribute recordsOf(DirContext servers, String name, String type) {
        try {
            Attributes answer = servers.getAttributes(name, new String[] {type});
            return answer.get(type);
        } catch (NamingException e) {
            // The next name, or the other type, may be known.
            return null;
        }
    }
}
