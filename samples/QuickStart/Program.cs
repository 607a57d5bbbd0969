var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => "QuickStart");

await app.RunAsync();
