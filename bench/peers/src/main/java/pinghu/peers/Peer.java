// SPDX-License-Identifier: Apache-2.0
package pinghu.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flowable.engine.ProcessEngine;
import org.flowable.engine.impl.cfg.StandaloneProcessEngineConfiguration;

/**
 * Flowable inside this program, asked by a number of clients at once. Arguments: the database's URL and user, the
 * number of clients. On the standard input: "PROCESS SECONDS" measures and answers "STEP MICROSECONDS" for every step
 * taken, then "lives N SECONDS"; at its end it tells how many lives the engine's own history holds.
 */
public final class Peer {
    private Peer() {}

    public static void main(String[] arguments) throws Exception {
        int clients = Integer.parseInt(arguments[2]);
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try (HikariDataSource pool = pool(arguments[0], arguments[1], clients)) {
            ProcessEngine engine = engine(pool);
            System.out.println("ready " + ProcessEngine.VERSION);
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                String[] words = order.split(" ");
                measure(engine, threads, clients, words[0], Long.parseLong(words[1]));
            }
            System.out.println("history " + engine.getHistoryService().createHistoricProcessInstanceQuery().finished().count());
            engine.close();
        } finally {
            threads.shutdown();
        }
    }

    /** One connection for each client; the few more are for what the engine asks in transactions of its own. */
    private static HikariDataSource pool(String url, String user, int clients) {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(url);
        settings.setUsername(user);
        settings.setPassword("");
        settings.setMaximumPoolSize(clients + 4);
        return new HikariDataSource(settings);
    }

    /** Everything as Flowable documents its defaults: history "audit", no job executor. */
    private static ProcessEngine engine(HikariDataSource pool) {
        StandaloneProcessEngineConfiguration settings = new StandaloneProcessEngineConfiguration();
        settings.setDataSource(pool);
        settings.setDatabaseSchemaUpdate("true");
        ProcessEngine engine = settings.buildProcessEngine();
        engine.getRepositoryService().createDeployment()
            .addClasspathResource("five.bpmn20.xml").addClasspathResource("seven.bpmn20.xml").deploy();
        return engine;
    }

    private static void measure(ProcessEngine engine, ExecutorService threads, int clients, String process, long seconds)
            throws Exception {
        long began = System.nanoTime();
        List<Future<Client>> running = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            running.add(threads.submit(new Client(engine, process, began + seconds * 1_000_000_000L)));
        }
        List<Client> done = new ArrayList<>();
        for (Future<Client> client : running) {
            done.add(client.get());
        }
        tell(done, (System.nanoTime() - began) / 1e9);
    }

    private static void tell(List<Client> clients, double seconds) throws IOException {
        StringBuilder told = new StringBuilder();
        long lives = 0;
        for (Client client : clients) {
            client.tell(told);
            lives += client.lives();
        }
        System.out.print(told.append("lives ").append(lives).append(' ').append(seconds).append('\n'));
        System.out.flush();
    }
}
