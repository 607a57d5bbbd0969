var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => "AdminPanel");

await app.RunAsync();
