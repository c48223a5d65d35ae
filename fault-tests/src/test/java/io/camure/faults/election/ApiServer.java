package io.camure.faults.election;

import io.camure.test.support.JavaProcess;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.net.InetAddress;
import java.util.HashMap;

/** A process that keeps what it is given, as the API server of Kubernetes does. */
final class ApiServer {

    private ApiServer() {}

    /** @param arguments its port and its address */
    public static void main(String... arguments) throws Exception {
        JavaProcess.endWithParent();
        KubernetesMockServer server = new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
        server.init(InetAddress.getByName(arguments[1]), Integer.parseInt(arguments[0]));
        System.out.println(Elector.READY);
    }
}
