package io.camure.spring.boot.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import tools.jackson.databind.json.JsonMapper;

/** The page in front of an endpoint that tells what a test wants, or does not answer as it should. */
final class Stage implements AutoCloseable {

    private static final String DATA = "/actuator/camure";

    private final JsonMapper mapper = new JsonMapper();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final DashboardPage page;
    private volatile Answer now = exchange -> send(exchange, 503, "text/plain", "");
    private volatile Answer past = now;

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    Stage() throws IOException {
        page = new DashboardPage(
                new StaticListableBeanFactory(Map.of("endpoints", new PathMappedEndpoints("/actuator", List.of())))
                        .getBeanProvider(PathMappedEndpoints.class));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(DATA, exchange -> now.to(exchange));
        server.createContext(DATA + "/history", exchange -> past.to(exchange));
        server.createContext(DATA + "/dashboard", exchange -> {
            page.headers().forEach(exchange.getResponseHeaders()::set);
            send(exchange, 200, "text/html;charset=UTF-8", page.html());
        });
        server.start();
    }

    URI page() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + DATA + "/dashboard");
    }

    void tells(CamureDescriptor told, HistoryDescriptor before) {
        String json = mapper.writeValueAsString(told);
        String history = mapper.writeValueAsString(before);
        past = exchange -> send(exchange, 200, "application/json", history);
        now = exchange -> send(exchange, 200, "application/json", json);
    }

    void answers(int status, String type, String body) {
        now = exchange -> send(exchange, status, type, body);
    }

    void redirectsTo(String place) {
        now = exchange -> {
            exchange.getResponseHeaders().set("Location", place);
            send(exchange, 302, "text/html", "");
        };
    }

    /** Takes requests, and says nothing. */
    void hangs() {
        now = exchange -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        };
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
